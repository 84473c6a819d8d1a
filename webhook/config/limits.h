#pragma once

#include "common/base/time.h"

namespace promheal::healing {

// The shortest interval, timeout or window that a configuration may ask for.
inline constexpr Duration kLeastInterval{100};

}  // namespace promheal::healing
