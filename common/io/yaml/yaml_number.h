#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/duration.h"
#include "common/io/yaml/yaml_schema.h"

namespace promheal {

// A type of number: its name in messages, and how it is parsed. Durations count as numbers.
template <typename T>
struct YamlNumber;

template <typename T>
std::optional<T> ParsePlainNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <>
struct YamlNumber<int64_t> {
  static constexpr char kName[] = "a whole number";
  static constexpr char kHint[] = "a whole number";
  static constexpr bool kMayBeQuoted = false;
  static std::optional<int64_t> Parse(std::string_view text) {
    return ParsePlainNumber<int64_t>(text);
  }
  static std::string Format(int64_t value) { return std::to_string(value); }
};

template <>
struct YamlNumber<double> {
  static constexpr char kName[] = "a number";
  static constexpr char kHint[] = "a number";
  static constexpr bool kMayBeQuoted = false;
  static std::optional<double> Parse(std::string_view text) {
    const std::optional<double> number = ParsePlainNumber<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
  }
  static std::string Format(double value) { return fmt::format("{}", value); }
};

template <>
struct YamlNumber<Duration> {
  static constexpr char kName[] = "a duration";
  static constexpr char kHint[] = "a number and a unit, such as 30s or 1h30m";
  static constexpr bool kMayBeQuoted = true;
  static std::optional<Duration> Parse(std::string_view text) {
    const Result<Duration> duration = ParseDuration(text);
    return duration ? std::optional(*duration) : std::nullopt;
  }
  static std::string Format(Duration value) { return FormatDuration(value); }
};

// "a whole number from 1 to 64", "a duration of at least 1s", "a number".
template <typename T>
std::string ExpectedNumber(const YamlRange<T>& range) {
  using Number = YamlNumber<T>;
  if (range.min && range.max) {
    return fmt::format("{} from {} to {}", Number::kName, Number::Format(*range.min),
                       Number::Format(*range.max));
  }
  if (range.min) return fmt::format("{} of at least {}", Number::kName, Number::Format(*range.min));
  if (range.max) return fmt::format("{} of at most {}", Number::kName, Number::Format(*range.max));
  return Number::kHint;
}

}  // namespace promheal
