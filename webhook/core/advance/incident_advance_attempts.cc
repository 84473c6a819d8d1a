#include <fmt/core.h>

#include <utility>

#include "webhook/core/advance/incident_advance.h"
#include "webhook/core/advance/timeline.h"
#include "webhook/core/cooldown.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;

// The attempt's new state, and the event that the observation raises.
std::pair<AttemptState, Event> Observed(Observation observation) {
  switch (observation) {
    case Observation::kHappened:
      return {AttemptState::kDone, Event::kObservedDone};
    case Observation::kNotHappened:
      return {AttemptState::kNotHappened, Event::kObservedNotDone};
    case Observation::kUnknown:
      break;
  }
  return {AttemptState::kUnknown, Event::kObservedUnknown};
}

}  // namespace

void IncidentAdvance::StartAttempt(const Decision& decision) {
  const Rung& rung = PolicyNow()->ladder[decision.rung];
  const Duration timeout = TimeoutOf(around_.policies, rung.action);
  Attempt attempt;
  attempt.id = fmt::format("{}/{}", incident_.id, incident_.attempts.size() + 1);
  attempt.policy = decision.policy;
  attempt.rung = decision.rung;
  attempt.action = rung.action;
  attempt.intended_at = now_;
  attempt.deadline = now_ + timeout;
  attempt.holds = rung.hold.has_value();
  incident_.attempts.push_back(attempt);
  Log(IntentEvent(now_, attempt, incident_.target.ToDisplayName()));
  const auto uses = around_.ledger.uses.find(rung.action);
  const Duration cooldown =
      CooldownAfter(rung, uses == around_.ledger.uses.end() ? 0 : uses->second);
  std::vector<Effect>& effects = context_.advanced.effects;
  effects.emplace_back(StartCooldown{rung.action, attempt.id, now_, now_ + cooldown});
  if (attempt.holds) {
    effects.emplace_back(PrepareOverride{context_.ToAction(attempt), timeout});
  } else {
    effects.emplace_back(ExecuteAction{context_.ToAction(attempt), timeout});
  }
}

void IncidentAdvance::FinishAttempt(Attempt& attempt, const Receipt& receipt) {
  if (receipt.result == ActionResult::kUnknown) {
    Log(ObservingEvent(now_, attempt, receipt.detail));
    Raise(Event::kActionUnknown);
    return;
  }
  const bool done = receipt.result == ActionResult::kDone;
  attempt.state = done ? AttemptState::kDone : AttemptState::kFailed;
  attempt.detail = receipt.detail;
  attempt.finished_at = now_;
  Log(ActionEvent(now_, attempt));
  if (!done) Conclude(ActionVerdict::kFailed, receipt.detail);
  Raise(!done ? Event::kActionFailed : IsProbe(attempt) ? Event::kActionHeld : Event::kActionDone);
}

void IncidentAdvance::FinishObservation(Attempt& attempt, const ObservationReport& report) {
  const auto [state, event] = Observed(report.observation);
  attempt.state = state;
  attempt.detail = report.detail;
  attempt.finished_at = now_;
  Log(ActionEvent(now_, attempt));
  if (state == AttemptState::kNotHappened) {
    Conclude(ActionVerdict::kNotHappened, "");
    context_.advanced.effects.emplace_back(VoidCooldown{attempt.action, attempt.id});
  }
  Raise(IsProbe(attempt) && event == Event::kObservedDone ? Event::kActionHeld : event);
}

// Only the release of a probe can be judged.
bool IncidentAdvance::IsProbe(const Attempt& attempt) const {
  const Rung* rung = context_.RungOf(attempt.policy, attempt.rung);
  return attempt.holds && rung != nullptr && rung->probe;
}

void IncidentAdvance::Conclude(ActionVerdict verdict, const std::string& why) {
  Attempt& attempt = incident_.attempts.back();
  attempt.verdict = verdict;
  Log(VerdictEvent(now_, attempt, why));
}

// The trouble came back, so the last attempt did not help for long.
void IncidentAdvance::ConcludeRelapse(const std::string& why) {
  incident_.recovered_at = std::nullopt;
  if (incident_.attempts.empty()) return;
  const std::optional<ActionVerdict> verdict = incident_.attempts.back().verdict;
  if (!verdict || verdict == ActionVerdict::kHealed) Conclude(ActionVerdict::kIneffective, why);
}

}  // namespace promheal::healing
