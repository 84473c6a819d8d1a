#pragma once

#include <string_view>

#include "common/base/labels.h"
#include "common/base/result.h"

namespace promheal::healing {

// Parses a target as people write it: "service=orders,cluster=eu". Values cannot contain a comma;
// "" is an error.
Result<Labels> ParseTargetText(std::string_view text);

}  // namespace promheal::healing
