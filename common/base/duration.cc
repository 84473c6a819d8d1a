#include "common/base/duration.h"

#include <fmt/core.h>

#include <array>
#include <cstdint>

namespace promheal {
namespace {

struct Unit {
  std::string_view name;
  int64_t milliseconds;
};

constexpr int64_t kSecond = 1000;
constexpr int64_t kMinute = 60 * kSecond;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr std::array<Unit, 7> kUnits = {{{"y", 365 * kDay},
                                         {"w", 7 * kDay},
                                         {"d", kDay},
                                         {"h", kHour},
                                         {"m", kMinute},
                                         {"s", kSecond},
                                         {"ms", 1}}};
constexpr size_t kMaxDigits = 12;  // Keeps number times unit within 64 bits for every unit.
// Prometheus' own limit (64 bits of nanoseconds, 292 years). A present time plus this duration
// still has a year of four digits.
constexpr int64_t kMax = INT64_MAX / 1'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> NotADuration(std::string_view text) {
  return Fail(
      ErrorCode::kInvalidArgument,
      fmt::format("'{}' is not a duration: expected a number and a unit, such as 30s or 1h30m",
                  text));
}

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  if (text == "0") return Duration(0);
  std::string_view rest = text;
  int64_t total = 0;
  size_t next_unit = 0;
  while (!rest.empty()) {
    size_t digits = 0;
    int64_t number = 0;
    for (; digits < rest.size() && IsDigit(rest[digits]); ++digits) {
      if (digits >= kMaxDigits) return NotADuration(text);
      number = number * 10 + (rest[digits] - '0');
    }
    rest.remove_prefix(digits);
    size_t letters = 0;
    while (letters < rest.size() && !IsDigit(rest[letters])) ++letters;
    const std::string_view name = rest.substr(0, letters);
    rest.remove_prefix(letters);

    while (next_unit < kUnits.size() && kUnits[next_unit].name != name) ++next_unit;
    if (digits == 0 || next_unit == kUnits.size()) return NotADuration(text);
    const int64_t unit = kUnits[next_unit++].milliseconds;
    if (number > (kMax - total) / unit) return NotADuration(text);
    total += number * unit;
  }
  if (text.empty()) return NotADuration(text);
  return Duration(total);
}

std::string FormatDuration(Duration duration) {
  int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text;
  if (rest < 0) {
    text = "-";
    rest = -rest;
  }
  for (const Unit& unit : kUnits) {
    if (unit.name == "y" || unit.name == "w") continue;  // "30d" reads better than "4w2d".
    if (rest < unit.milliseconds) continue;
    text += fmt::format("{}{}", rest / unit.milliseconds, unit.name);
    rest %= unit.milliseconds;
  }
  return text;
}

}  // namespace promheal
