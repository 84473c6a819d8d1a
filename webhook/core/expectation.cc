#include "webhook/core/expectation.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "common/base/text.h"

namespace promheal::healing {
namespace {

using Comparison = Expectation::Comparison;

// Longer signs first, so that "<=" is not read as "<".
constexpr std::array<std::pair<std::string_view, Comparison>, 6> kSigns = {{
    {"==", Comparison::kEqual},
    {"!=", Comparison::kNotEqual},
    {"<=", Comparison::kLessOrEqual},
    {">=", Comparison::kGreaterOrEqual},
    {"<", Comparison::kLess},
    {">", Comparison::kGreater},
}};

constexpr std::string_view kBlanks = " \t";

}  // namespace

Result<Expectation> ParseExpectation(std::string_view text) {
  const std::string_view trimmed = Trimmed(text, kBlanks);
  for (const auto& [sign, comparison] : kSigns) {
    if (!trimmed.starts_with(sign)) continue;
    const std::string_view number = Trimmed(trimmed.substr(sign.size()), kBlanks);
    double value = 0.0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(value))
      break;
    return Expectation{comparison, value};
  }
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not an expectation: expected one of == != < <= > >= and a "
                          "number, such as '< 0.05'",
                          text));
}

std::string ToString(const Expectation& expectation) {
  for (const auto& [sign, comparison] : kSigns) {
    if (comparison == expectation.comparison) return fmt::format("{} {}", sign, expectation.value);
  }
  return "?";
}

bool Meets(double value, const Expectation& expectation) {
  if (std::isnan(value)) return false;
  switch (expectation.comparison) {
    case Comparison::kEqual:
      return value == expectation.value;
    case Comparison::kNotEqual:
      return value != expectation.value;
    case Comparison::kLess:
      return value < expectation.value;
    case Comparison::kLessOrEqual:
      return value <= expectation.value;
    case Comparison::kGreater:
      return value > expectation.value;
    case Comparison::kGreaterOrEqual:
      return value >= expectation.value;
  }
  return false;
}

}  // namespace promheal::healing
