#include "webhook/core/evidence.h"

#include <fmt/core.h>

namespace promheal::healing {

std::string VerificationName(const Policy& policy) { return policy.name; }

std::string VerificationName(const Policy& policy, size_t rung) {
  if (rung < policy.ladder.size() && policy.ladder[rung].verify) {
    return policy.name + '/' + policy.ladder[rung].action;
  }
  return policy.name;
}

std::string ReleaseVerificationName(const Policy& policy, size_t rung) {
  const bool has_own =
      rung < policy.ladder.size() && policy.ladder[rung].hold && policy.ladder[rung].hold->verify;
  return has_own ? policy.name + '/' + policy.ladder[rung].action + "/release"
                 : VerificationName(policy, rung);
}

std::string RequiredName(const Policy& policy, size_t rung) {
  return fmt::format("{}/{} {}/requires", policy.name, rung, policy.ladder[rung].action);
}

std::string MinHealthyName(const Policy& policy, size_t rung) {
  return fmt::format("{}/{} {}/min_healthy", policy.name, rung, policy.ladder[rung].action);
}

std::vector<RungQuestion> RungQuestions(const Policy& policy) {
  std::vector<RungQuestion> questions;
  for (size_t i = 0; i < policy.ladder.size(); ++i) {
    const Rung& rung = policy.ladder[i];
    if (!rung.required.empty()) questions.push_back({RequiredName(policy, i), rung.required});
    if (rung.min_healthy) questions.push_back({MinHealthyName(policy, i), {*rung.min_healthy}});
  }
  return questions;
}

const Evidence* FreshEvidence(const std::optional<Evidence>& evidence, const Policy& policy,
                              Time now) {
  if (!evidence || evidence->verification != VerificationName(policy)) return nullptr;
  const Duration max_age = 3 * policy.verify.interval;
  return now - evidence->at <= max_age ? &*evidence : nullptr;
}

const Judgement* AnswerTo(const std::optional<Evidence>& evidence, const std::string& question) {
  if (!evidence) return nullptr;
  const auto answer = evidence->answers.find(question);
  return answer == evidence->answers.end() ? nullptr : &answer->second;
}

}  // namespace promheal::healing
