#include <algorithm>
#include <map>
#include <set>

#include "webhook/core/advance/step.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

// "Not happened" is final only when the call cannot be under way any more; until then, ask again.
constexpr Duration kObservationInterval = std::chrono::seconds(1);
std::map<std::string, const AlertRecord*> ByKey(const std::vector<const AlertRecord*>& alerts) {
  std::map<std::string, const AlertRecord*> by_key;
  for (const AlertRecord* alert : alerts) {
    by_key[AlertKey(alert->source, alert->fingerprint)] = alert;
  }
  return by_key;
}

// What an observation makes of the attempt, and the event that it raises.
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

void Step::Take(const AlertsJoined& joined) {
  const auto alerts = ByKey(around_.alerts);
  const ScenarioPrecedence& precedence = around_.policies.scenarios;
  std::set<std::string> known(incident_.alert_keys.begin(), incident_.alert_keys.end());
  bool raised = false;
  for (const std::string& key : joined.keys) {
    const auto alert = alerts.find(key);
    if (alert == alerts.end()) continue;
    if (known.insert(key).second) incident_.alert_keys.push_back(key);
    Log(AlertEvent(now_, *alert->second));
    // The same scenario, more severe: what was only told at first may now have to be healed.
    if (IsMoreSerious(precedence, alert->second->labels, incident_.labels)) {
      NameAfter(*alert->second);
      raised = true;
    }
  }
  // Nothing is done about what named it, and that is over: what fires now names it.
  const AlertRecord* naming = NamingAlert(precedence, around_.alerts);
  if (incident_.state == State::kWatching && naming != nullptr && !IsNamedByFiring()) {
    NameAfter(*naming);
    raised = true;
  }
  Raise(raised ? Event::kScenarioRaised : Event::kAlertJoined);
}

bool Step::IsNamedByFiring() const {
  return std::any_of(around_.alerts.begin(), around_.alerts.end(), [this](const auto* alert) {
    return IsFiring(*alert) && alert->labels == incident_.labels;
  });
}

void Step::Take(const ExecutionFinished& finished) {
  Attempt* attempt = AttemptUnderWay(finished.attempt_id);
  if (attempt == nullptr || incident_.state != State::kActing) return;
  FinishAttempt(*attempt, finished.receipt);
}

void Step::FinishAttempt(Attempt& attempt, const Receipt& receipt) {
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
  const Rung* rung = RungOf(attempt.policy, attempt.rung);
  const bool held = attempt.holds && rung != nullptr && rung->probe;
  Raise(!done ? Event::kActionFailed : held ? Event::kActionHeld : Event::kActionDone);
}

void Step::Take(const ObservationFinished& finished) {
  watch_.observing = false;
  Attempt* attempt = AttemptUnderWay(finished.attempt_id);
  if (attempt == nullptr || incident_.state != State::kObserving) return;
  const Time final_at = FinalAt(*attempt);
  if (finished.report.observation != Observation::kHappened && now_ < final_at) {
    watch_.next_observation = std::min(final_at, now_ + kObservationInterval);
    return;
  }
  FinishObservation(*attempt, finished.report);
}

void Step::FinishObservation(Attempt& attempt, const ObservationReport& report) {
  const auto [state, event] = Observed(report.observation);
  attempt.state = state;
  attempt.detail = report.detail;
  attempt.finished_at = now_;
  Log(ActionEvent(now_, attempt));
  if (state == AttemptState::kNotHappened) {
    Conclude(ActionVerdict::kNotHappened, "");
    advanced_.effects.emplace_back(VoidCooldown{attempt.action, attempt.id});
  }
  const Rung* rung = RungOf(attempt.policy, attempt.rung);
  const bool held = attempt.holds && rung != nullptr && rung->probe;
  Raise(held && event == Event::kObservedDone ? Event::kActionHeld : event);
}

void Step::Take(const EvidenceGathered& gathered) {
  if (gathered.evidence.verification == watch_.asked_for) watch_.asking = false;
  const CurrentVerification current = Verifying();
  const std::optional<Evidence> before = watch_.evidence;
  if (!TakeEvidence(watch_, current, gathered.evidence)) return;
  if (gathered.evidence.verdict != DataVerdict::kUnknown) watch_.known_at = now_;
  // A verdict that lasts is told once; a recovery is told until it counts.
  const bool changed = !before || before->verdict != gathered.evidence.verdict;
  const bool counting = gathered.evidence.verdict == DataVerdict::kRecovered &&
                        watch_.in_a_row <= current.verification->times;
  if (changed || counting) {
    Log(VerificationEvent(gathered.evidence, watch_.in_a_row, current.verification->times));
  }
}

void Step::Take(const OverridesReleased& released) {
  Log(PersonEvent(now_, "release", released.by, released.why));
  LetGo(released.by + " released it");
}

void Step::Take(const MarkedFalseAlarm& marked) {
  incident_.false_alarm = FalseAlarm{marked.by, now_, marked.why, incident_.scenario};
  Log(PersonEvent(now_, "false_alarm", marked.by, marked.why));
  LetGo(marked.by + " says it is a false alarm");
}

void Step::Take(const PoliciesChanged&) {
  if (incident_.state != State::kVerifying) DropEvidence(watch_, now_);
  incident_.skipped.clear();  // For other reasons than there may be now.
  ReviewHolds();
  Raise(Event::kPoliciesChanged);
}

void Step::Take(const ProgramRestarted&) {
  if (incident_.state == State::kActing) {
    Log(ObservingEvent(now_, incident_.attempts.back(), "the healer was restarted meanwhile"));
  }
  if (const CurrentVerification current = Verifying();
      current && incident_.state == State::kVerifying) {
    const Time acted_at = incident_.attempts.back().finished_at.value_or(now_);
    DropEvidence(watch_, std::max(now_, acted_at + current.verification->settle));
  }
  ReviewHolds();
  Raise(Event::kProgramRestarted);
}

Time Step::FinalAt(const Attempt& attempt) {
  // Executors end what is late, even when their healer has died, within so long after the deadline.
  constexpr Duration kEndingGrace = std::chrono::seconds(3);
  return attempt.deadline + kEndingGrace;
}

Attempt* Step::AttemptUnderWay(const std::string& id) {
  if (incident_.attempts.empty()) return nullptr;
  Attempt& last = incident_.attempts.back();
  return last.id == id && last.state == AttemptState::kIntended ? &last : nullptr;
}

}  // namespace promheal::healing
