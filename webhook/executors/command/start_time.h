#pragma once

#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"
#include "webhook/core/override/action.h"

namespace promheal::healing {

// When something was started, as the usual tools print it: RFC 3339 (docker inspect), Unix seconds,
// or @ and Unix seconds (systemctl show --timestamp=unix). `resolution` says how exact the text is.
struct StartTime {
  Time time;
  Duration resolution{1};
};
Result<StartTime> ParseStartTime(std::string_view text);

// Whether what started then was started by an intent of `intended_at`. Unknown where the text is
// too coarse to tell.
Observation CompareStart(const StartTime& start, Time intended_at);

}  // namespace promheal::healing
