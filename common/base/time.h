#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal {

// A point in time, UTC, in milliseconds: what Prometheus stores.
using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

// Seconds since the epoch, as Prometheus' HTTP API and `*_timestamp_seconds` metrics use them.
double ToUnixSeconds(Time time);
Time FromUnixSeconds(double seconds);

// The latest multiple of `step` since the epoch that is not after `time`. `step` must be positive.
Time AlignDown(Time time, Duration step);

// "2026-11-21T21:53:27.120Z".
std::string FormatRfc3339(Time time);

// Reads RFC 3339 with any offset and any number of fraction digits (Alertmanager sends nine); what
// is finer than a millisecond is cut off. What it returns, FormatRfc3339 writes so that it can be
// read again: a time whose year in UTC does not have four digits is refused.
Result<Time> ParseRfc3339(std::string_view text);

}  // namespace promheal
