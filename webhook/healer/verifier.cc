#include "webhook/healer/verifier.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/core/query/query_template.h"

namespace promheal::healing {
namespace {

Judgement Unknown(std::string why) { return {DataVerdict::kUnknown, std::move(why)}; }

Judgement AskOne(const Condition& condition, const Labels& labels, PrometheusApi& prometheus,
                 Time now) {
  const Result<std::string> query = RenderQuery(condition.query, labels);
  if (!query) return Unknown(query.error().message);
  const std::string& name = condition.name.empty() ? *query : condition.name;
  const Result<QueryResult> answer = prometheus.Query(*query, now);
  if (!answer) return Unknown(fmt::format("{}: {}", name, answer.error().message));
  Judgement judgement = Judge(name, condition.expect, answer->samples);
  // Partial data may lack the very series that is still bad.
  const auto partial =
      std::find_if(answer->warnings.begin(), answer->warnings.end(), MeansPartialData);
  if (judgement.verdict == DataVerdict::kRecovered && partial != answer->warnings.end()) {
    return Unknown(fmt::format("{}: partial data: {}", name, *partial));
  }
  return judgement;
}

Judgement AskAll(const std::vector<Condition>& conditions, const Labels& labels,
                 PrometheusApi& prometheus, Time now) {
  std::vector<Judgement> judgements;
  for (const Condition& condition : conditions) {
    judgements.push_back(AskOne(condition, labels, prometheus, now));
  }
  return Combine(judgements);
}

}  // namespace

Evidence Gather(const GatherEvidence& request, PrometheusApi& prometheus, Time now) {
  Judgement all = AskAll(request.conditions, request.labels, prometheus, now);
  Evidence evidence{all.verdict, now, std::move(all.text), request.verification};
  // The other questions matter only before a further action.
  if (evidence.verdict != DataVerdict::kNotRecovered) return evidence;
  for (const RungQuestion& question : request.questions) {
    evidence.answers[question.name] = AskAll(question.conditions, request.labels, prometheus, now);
  }
  return evidence;
}

}  // namespace promheal::healing
