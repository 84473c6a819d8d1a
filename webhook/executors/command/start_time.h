#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/core/override/action.h"

namespace promheal::healing {

// A start time as the usual tools print it: RFC 3339 (docker inspect), Unix seconds,
// or @ and Unix seconds (systemctl show --timestamp=unix). `resolution` is the precision of the
// text.
struct StartTime {
  Time time;
  Duration resolution{1};
};
Result<StartTime> ParseStartTime(std::string_view text);

// Whether a start at that time followed an intent of `intended_at`. kUnknown if the text is too
// coarse to tell.
Observation CompareStart(const StartTime& start, Time intended_at);

}  // namespace promheal::healing
