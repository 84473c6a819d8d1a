#pragma once

#include <optional>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// The error in an answer with "status": "error"; nullopt for any other text. An unknown errorType
// gets the code `otherwise`. The message is one line with at most 500 characters of the server's.
std::optional<Error> FindApiError(std::string_view json, ErrorCode otherwise);

}  // namespace promheal
