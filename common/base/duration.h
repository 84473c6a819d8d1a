#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal {

// Reads Prometheus' duration syntax: "90s", "1h30m", "250ms", "2d", "1w", "1y", and "0". Units must
// come from large to small, each at most once. The limit is Prometheus' own: 292 years.
Result<Duration> ParseDuration(std::string_view text);

// The shortest text that ParseDuration reads back to the same value: 5400 s is "1h30m".
std::string FormatDuration(Duration duration);

}  // namespace promheal
