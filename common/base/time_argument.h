#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal {

// Reads a time as people give it to a command: RFC 3339 ("2022-08-22T08:10:00Z"), Unix seconds
// ("1661155800"), a duration before `now` ("-2w"), or "now".
Result<Time> ParseTimeArgument(std::string_view text, Time now);

// "2022-08-22T08:10:00Z": RFC 3339, with a fraction only if it is not zero.
std::string TimeText(Time time);

}  // namespace promheal
