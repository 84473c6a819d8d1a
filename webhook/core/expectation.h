#pragma once

#include <string>
#include <string_view>

#include "common/base/label_template.h"
#include "common/base/result.h"

namespace promheal::healing {

// A comparison that a value should meet: "< 0.05", "== 1".
struct Expectation {
  enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  Comparison comparison = Comparison::kEqual;
  double value = 0.0;

  bool operator==(const Expectation&) const = default;
};

// kInvalidArgument for anything but one of == != < <= > >= and a finite number.
Result<Expectation> ParseExpectation(std::string_view text);
std::string ToString(const Expectation& expectation);
// NaN meets no expectation.
bool Meets(double value, const Expectation& expectation);

// A question to Prometheus, and the answer that means recovered.
struct Condition {
  std::string name;  // For people: "errors". Empty: the query is shown instead.
  LabelTemplate query;
  Expectation expect;
};

}  // namespace promheal::healing
