#pragma once

#include <string_view>

#include "common/base/labels.h"
#include "common/base/result.h"

namespace promheal::healing {

// "service=orders,cluster=eu", as people write a target. Values cannot hold a comma; "" is no
// target.
Result<Labels> ParseTargetText(std::string_view text);

}  // namespace promheal::healing
