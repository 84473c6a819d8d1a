#include "webhook/executors/command/start_time.h"

#include <fmt/core.h>

#include <charconv>
#include <cmath>

#include "common/base/text.h"

namespace promheal::healing {
namespace {

Duration ResolutionOf(std::string_view text) {
  return text.find('.') == std::string_view::npos ? std::chrono::seconds(1) : Duration(1);
}

}  // namespace

Result<StartTime> ParseStartTime(std::string_view text) {
  std::string_view trimmed = Trimmed(text);
  if (const auto time = ParseRfc3339(trimmed)) return StartTime{*time, ResolutionOf(trimmed)};
  if (trimmed.starts_with('@')) trimmed.remove_prefix(1);
  double seconds = 0.0;
  const char* end = trimmed.data() + trimmed.size();
  const auto [rest, error] = std::from_chars(trimmed.data(), end, seconds);
  constexpr double kYear3000 = 32503680000.0;
  if (error == std::errc() && rest == end && seconds >= 0.0 && seconds < kYear3000) {
    return StartTime{FromUnixSeconds(seconds), ResolutionOf(trimmed)};
  }
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a start time: expected RFC 3339 or Unix seconds",
                          trimmed.substr(0, 60)));
}

Observation CompareStart(const StartTime& start, Time intended_at) {
  if (start.time >= intended_at) return Observation::kHappened;
  if (start.time + start.resolution <= intended_at) return Observation::kNotHappened;
  return Observation::kUnknown;
}

}  // namespace promheal::healing
