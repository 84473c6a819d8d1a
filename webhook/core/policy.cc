#include "webhook/core/policy.h"

#include <algorithm>

namespace promheal::healing {
namespace {

constexpr Duration kDefaultActionTimeout = std::chrono::seconds(30);

}  // namespace

std::string_view ToString(Mode mode) {
  switch (mode) {
    case Mode::kShadow:
      return "shadow";
    case Mode::kRecommend:
      return "recommend";
    case Mode::kAuto:
      return "auto";
  }
  return "unknown";
}

std::vector<std::vector<LabelMatch>> PolicySet::DefaultProtectedTargets() {
  const std::string ours = "prometheus|alertmanager|anomaly_exporter|healing_webhook|promheal";
  return {{{"service", ours}}, {{"job", ours}}};
}

const Policy* FindPolicy(const PolicySet& policies, const Labels& labels) {
  const auto it =
      std::find_if(policies.policies.begin(), policies.policies.end(),
                   [&](const Policy& policy) { return MatchesAll(policy.match, labels); });
  return it == policies.policies.end() ? nullptr : &*it;
}

const Policy* FindPolicyByName(const PolicySet& policies, std::string_view name) {
  const auto it = std::find_if(policies.policies.begin(), policies.policies.end(),
                               [&](const Policy& policy) { return policy.name == name; });
  return it == policies.policies.end() ? nullptr : &*it;
}

bool IsProtected(const PolicySet& policies, const Labels& labels) {
  return std::any_of(
      policies.protected_targets.begin(), policies.protected_targets.end(),
      [&](const std::vector<LabelMatch>& matches) { return MatchesAll(matches, labels); });
}

Duration TimeoutOf(const PolicySet& policies, const std::string& action) {
  const auto it = policies.action_timeouts.find(action);
  return it == policies.action_timeouts.end() ? kDefaultActionTimeout : it->second;
}

const Verification& VerificationOf(const Policy& policy, size_t rung) {
  if (rung < policy.ladder.size() && policy.ladder[rung].verify) return *policy.ladder[rung].verify;
  return policy.verify;
}

const Verification& ReleaseVerificationOf(const Policy& policy, size_t rung) {
  const bool has_own =
      rung < policy.ladder.size() && policy.ladder[rung].hold && policy.ladder[rung].hold->verify;
  return has_own ? *policy.ladder[rung].hold->verify : VerificationOf(policy, rung);
}

}  // namespace promheal::healing
