#include "webhook/core/advance/incident_advance.h"

namespace promheal::healing {

void IncidentAdvance::CallWhatIsDue() {
  overrides_.CallExecutors();
  if (incident_.state == IncidentState::kObserving && !incident_.attempts.back().holds &&
      !watch_.observing && now_ >= watch_.next_observation) {
    watch_.observing = true;
    context_.advanced.effects.emplace_back(
        ObserveAction{context_.ToAction(incident_.attempts.back())});
  }
  AskPrometheus();
}

void IncidentAdvance::AskPrometheus() {
  const CurrentVerification current = Verifying();
  if (!current) return;
  const bool other = watch_.asked_for != current.name;
  if (watch_.asking && !other) return;
  // Another verification than last time is asked at once, unless an action has to settle first.
  const bool at_once = other && incident_.state != IncidentState::kVerifying;
  if (now_ < watch_.next_question && !at_once) return;
  watch_.asking = true;
  watch_.asked_for = current.name;
  watch_.next_question = now_ + current.verification->interval;
  context_.advanced.effects.emplace_back(
      GatherEvidence{current.name, LabelsOf(incident_), current.verification->conditions,
                     IsActionInFlight(incident_.state), QuestionsWith(current.name)});
}

// The questions of the ladder are asked too, as long as a decision may follow.
std::vector<RungQuestion> IncidentAdvance::QuestionsWith(const std::string& verification) const {
  const bool deciding =
      incident_.state == IncidentState::kCollecting || incident_.state == IncidentState::kPending;
  const Policy* policy = PolicyNow();
  if (!deciding || policy == nullptr || verification != VerificationName(*policy)) return {};
  return RungQuestions(*policy);
}

}  // namespace promheal::healing
