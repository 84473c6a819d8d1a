#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/sample.h"
#include "webhook/core/expectation.h"

namespace promheal::healing {

// What data say. Absence of data is never recovery.
enum class DataVerdict { kRecovered, kNotRecovered, kUnknown };
std::string_view ToString(DataVerdict verdict);  // "recovered", "not_recovered", "unknown"

struct Judgement {
  DataVerdict verdict = DataVerdict::kUnknown;
  std::string text;  // "slots up is 0, expected == 1"
};

// One condition, called `name`, against the samples of its query: no sample or a NaN is unknown,
// one sample that does not meet the expectation is not recovered, all meeting it is recovered.
Judgement Judge(std::string_view name, const Expectation& expect,
                const std::vector<Sample>& samples);

// All conditions together: one not recovered decides, then one unknown. No condition is unknown.
Judgement Combine(const std::vector<Judgement>& judgements);

}  // namespace promheal::healing
