#pragma once

#include <string>
#include <string_view>

#include "common/base/label_template.h"
#include "common/base/result.h"

namespace promheal::healing {

// What a value should be: "< 0.05", "== 1".
struct Expectation {
  enum class Comparison { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  Comparison comparison = Comparison::kEqual;
  double value = 0.0;

  bool operator==(const Expectation&) const = default;
};

// kInvalidArgument for anything but one of == != < <= > >= and a finite number.
Result<Expectation> ParseExpectation(std::string_view text);
std::string ToString(const Expectation& expectation);
// NaN meets nothing.
bool Meets(double value, const Expectation& expectation);

// A question to Prometheus, and which answer means recovered.
struct Condition {
  std::string name;  // What people call it: "errors". Empty: the query speaks for itself.
  LabelTemplate query;
  Expectation expect;
};

}  // namespace promheal::healing
