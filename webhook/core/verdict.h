#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/sample.h"
#include "webhook/core/expectation.h"

namespace promheal::healing {

// The verdict of data. Absence of data is never recovery.
enum class DataVerdict { kRecovered, kNotRecovered, kUnknown };
std::string_view ToString(DataVerdict verdict);  // "recovered", "not_recovered", "unknown"

struct Judgement {
  DataVerdict verdict = DataVerdict::kUnknown;
  std::string text;  // "slots up is 0, expected == 1"
};

// Judges the samples of a condition's query; `name` is for the text. Not recovered if any sample
// misses the expectation, else unknown if there is no sample or a NaN, else recovered.
Judgement Judge(std::string_view name, const Expectation& expect,
                const std::vector<Sample>& samples);

// All conditions together: any not recovered decides, then any unknown. Unknown without conditions.
Judgement Combine(const std::vector<Judgement>& judgements);

}  // namespace promheal::healing
