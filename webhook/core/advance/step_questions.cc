#include "webhook/core/advance/step.h"

namespace promheal::healing {

void Step::AskWhatIsDue() {
  AskOverrides();
  if (incident_.state == IncidentState::kObserving && !incident_.attempts.back().holds &&
      !watch_.observing && now_ >= watch_.next_observation) {
    watch_.observing = true;
    advanced_.effects.emplace_back(ObserveAction{ToAction(incident_.attempts.back())});
  }
  const CurrentVerification current = Verifying();
  if (!current) return;
  const bool other = watch_.asked_for != current.name;
  if (watch_.asking && !other) return;
  // Another question than last time need not wait for its turn, except for an action to settle.
  const bool at_once = other && incident_.state != IncidentState::kVerifying;
  if (now_ < watch_.next_question && !at_once) return;
  watch_.asking = true;
  watch_.asked_for = current.name;
  watch_.next_question = now_ + current.verification->interval;
  advanced_.effects.emplace_back(
      GatherEvidence{current.name, LabelsOf(incident_), current.verification->conditions,
                     IsActionInFlight(incident_.state), QuestionsWith(current.name)});
}

// What the ladder must know is asked as long as a decision may follow.
std::vector<RungQuestion> Step::QuestionsWith(const std::string& verification) const {
  const bool deciding =
      incident_.state == IncidentState::kCollecting || incident_.state == IncidentState::kPending;
  const Policy* policy = PolicyNow();
  if (!deciding || policy == nullptr || verification != VerificationName(*policy)) return {};
  return RungQuestions(*policy);
}

Action Step::ToAction(const Attempt& attempt) const {
  return {.id = attempt.id,
          .name = attempt.action,
          .target = incident_.target,
          .labels = LabelsOf(incident_),
          .intended_at = attempt.intended_at};
}

}  // namespace promheal::healing
