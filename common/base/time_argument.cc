#include "common/base/time_argument.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "common/base/duration.h"

namespace promheal {
namespace {

constexpr double kLatestUnixSeconds = 253402300799.0;  // The end of the year 9999.

Result<double> ParseUnixSeconds(std::string_view text) {
  double seconds = 0.0;
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc() || parsed_to != end || !(std::abs(seconds) <= kLatestUnixSeconds)) {
    return Fail(ErrorCode::kInvalidArgument, "not Unix seconds");
  }
  return seconds;
}

}  // namespace

Result<Time> ParseTimeArgument(std::string_view text, Time now) {
  if (text == "now") return now;
  if (text.starts_with('-')) {
    if (const auto before = ParseDuration(text.substr(1))) return now - *before;
  } else if (const auto seconds = ParseUnixSeconds(text)) {
    return FromUnixSeconds(*seconds);
  } else if (const auto time = ParseRfc3339(text)) {
    return *time;
  }
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a time: expected one like 2022-08-22T08:10:00Z, Unix "
                          "seconds, a duration before now like -2w, or now",
                          text));
}

std::string TimeText(Time time) {
  std::string text = FormatRfc3339(time);
  if (text.ends_with(".000Z")) text.replace(text.size() - 5, 4, "");
  return text;
}

}  // namespace promheal
