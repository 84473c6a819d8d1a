#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// The content of a file. Errors name the path. A file larger than `max_bytes` is an error.
Result<std::string> ReadFile(const std::string& path, size_t max_bytes = size_t{64} << 20);

// The secret in a file: its content without trailing line breaks. Errors never hold the content.
Result<std::string> ReadSecretFile(const std::string& path);

// Writes a temporary file beside `path`, syncs and renames it: after a crash the file holds either
// the old content or the new. A full disk is kUnavailable.
Status WriteFileAtomically(const std::string& path, std::string_view content);

}  // namespace promheal
