#pragma once

#include <optional>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// The error that an answer with "status": "error" tells; nothing for any other text. An errorType
// that is not known gets the code `otherwise`. One line, at most 500 characters of theirs.
std::optional<Error> FindApiError(std::string_view json, ErrorCode otherwise);

}  // namespace promheal
