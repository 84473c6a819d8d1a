#pragma once

#include <string>

#include "common/base/time.h"

namespace promheal::healing {

// A measured duration for people: "0.4s", "17.0s", "3m20s". Never negative.
std::string DurationText(Duration duration);

}  // namespace promheal::healing
