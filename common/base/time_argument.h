#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal {

// A time as people give it to a command: RFC 3339 ("2022-08-22T08:10:00Z"), Unix seconds
// ("1661155800"), so long before `now` ("-2w"), or "now". kInvalidArgument says what was expected.
Result<Time> ParseTimeArgument(std::string_view text, Time now);

// "2022-08-22T08:10:00Z": without the fraction where there is none.
std::string TimeText(Time time);

}  // namespace promheal
