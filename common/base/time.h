#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// A point in time, UTC, in milliseconds, as Prometheus stores it.
using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

// Seconds since the epoch, as Prometheus' HTTP API and `*_timestamp_seconds` metrics use them.
double ToUnixSeconds(Time time);
Time FromUnixSeconds(double seconds);

// The latest multiple of `step` since the epoch that is not after `time`. `step` must be positive.
Time AlignDown(Time time, Duration step);

// "2026-11-21T21:53:27.120Z".
std::string FormatRfc3339(Time time);

// Reads RFC 3339 with any offset and any number of fraction digits (Alertmanager sends nine), and
// truncates to milliseconds. Refuses a time whose UTC year does not have four digits, since
// FormatRfc3339 could not write it back.
Result<Time> ParseRfc3339(std::string_view text);

}  // namespace promheal
