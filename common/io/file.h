#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// The whole file; kNotFound or kPermissionDenied with the path in the message. Larger than
// `max_bytes` is an error.
Result<std::string> ReadFile(const std::string& path, size_t max_bytes = size_t{64} << 20);

// A secret from a file: the content without trailing line breaks. Errors never hold the content.
Result<std::string> ReadSecretFile(const std::string& path);

// Writes through a temporary file beside `path`, fsync, rename: after a crash there is the old
// content or the new one. kUnavailable for a full disk.
Status WriteFileAtomically(const std::string& path, std::string_view content);

}  // namespace promheal
