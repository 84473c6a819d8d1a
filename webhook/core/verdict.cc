#include "webhook/core/verdict.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace promheal::healing {
namespace {

// If several verdicts are combined, the heaviest counts.
int Weight(DataVerdict verdict) {
  switch (verdict) {
    case DataVerdict::kNotRecovered:
      return 2;
    case DataVerdict::kUnknown:
      return 1;
    case DataVerdict::kRecovered:
      return 0;
  }
  return 1;
}

DataVerdict JudgeValue(double value, const Expectation& expect) {
  if (std::isnan(value)) return DataVerdict::kUnknown;
  return Meets(value, expect) ? DataVerdict::kRecovered : DataVerdict::kNotRecovered;
}

}  // namespace

std::string_view ToString(DataVerdict verdict) {
  switch (verdict) {
    case DataVerdict::kRecovered:
      return "recovered";
    case DataVerdict::kNotRecovered:
      return "not_recovered";
    case DataVerdict::kUnknown:
      return "unknown";
  }
  return "unknown";
}

Judgement Judge(std::string_view name, const Expectation& expect,
                const std::vector<Sample>& samples) {
  if (samples.empty()) {
    return {DataVerdict::kUnknown,
            fmt::format("{} has no data, expected {}", name, ToString(expect))};
  }
  const auto worst =
      std::max_element(samples.begin(), samples.end(), [&](const Sample& a, const Sample& b) {
        return Weight(JudgeValue(a.value, expect)) < Weight(JudgeValue(b.value, expect));
      });
  return {JudgeValue(worst->value, expect),
          fmt::format("{} is {:.3g}, expected {}", name, worst->value, ToString(expect))};
}

Judgement Combine(const std::vector<Judgement>& judgements) {
  if (judgements.empty()) return {DataVerdict::kUnknown, "there is no query to ask Prometheus"};
  DataVerdict verdict = DataVerdict::kRecovered;
  for (const Judgement& judgement : judgements) {
    if (Weight(judgement.verdict) > Weight(verdict)) verdict = judgement.verdict;
  }
  // Only the judgements with this verdict explain it.
  std::string text;
  for (const Judgement& judgement : judgements) {
    if (judgement.verdict != verdict) continue;
    if (!text.empty()) text += "; ";
    text += judgement.text;
  }
  return {verdict, text};
}

}  // namespace promheal::healing
