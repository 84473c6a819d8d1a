#include "webhook/core/advance/advance_context.h"

#include <utility>

namespace promheal::healing {

void AdvanceContext::Log(TimelineEvent event) {
  advanced.news.push_back(event);
  AppendEvent(incident, std::move(event));
  advanced.changed = true;
}

void AdvanceContext::LetSettle() {
  const CurrentVerification current = Verifying();
  DropEvidence(watch, now + (current ? current.verification->settle : Duration(0)));
}

const Rung* AdvanceContext::RungOf(const std::string& policy, size_t rung) const {
  const Policy* found = FindPolicyByName(around.policies, policy);
  return found != nullptr && rung < found->ladder.size() ? &found->ladder[rung] : nullptr;
}

Attempt* AdvanceContext::AttemptUnderWay(const std::string& id) {
  if (incident.attempts.empty()) return nullptr;
  Attempt& last = incident.attempts.back();
  return last.id == id && last.state == AttemptState::kIntended ? &last : nullptr;
}

Action AdvanceContext::ToAction(const Attempt& attempt) const {
  return {.id = attempt.id,
          .name = attempt.action,
          .target = incident.target,
          .labels = LabelsOf(incident),
          .intended_at = attempt.intended_at};
}

Time FinalAt(const Attempt& attempt) {
  // Executors end a late call within this time after its deadline, even if the healer has died.
  constexpr Duration kEndingGrace = std::chrono::seconds(3);
  return attempt.deadline + kEndingGrace;
}

}  // namespace promheal::healing
