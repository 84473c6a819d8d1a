#include <algorithm>
#include <map>
#include <set>

#include "webhook/core/advance/incident_advance.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

// Between two observations of an action that has not taken place so far.
constexpr Duration kObservationInterval = std::chrono::seconds(1);

std::map<std::string, const AlertRecord*> ByKey(const std::vector<const AlertRecord*>& alerts) {
  std::map<std::string, const AlertRecord*> by_key;
  for (const AlertRecord* alert : alerts) {
    by_key[AlertKey(alert->source, alert->fingerprint)] = alert;
  }
  return by_key;
}

}  // namespace

void IncidentAdvance::On(const AlertsJoined& joined) {
  const auto alerts = ByKey(around_.alerts);
  const ScenarioPrecedence& precedence = around_.policies.scenarios;
  std::set<std::string> known(incident_.alert_keys.begin(), incident_.alert_keys.end());
  bool raised = false;
  for (const std::string& key : joined.keys) {
    const auto alert = alerts.find(key);
    if (alert == alerts.end()) continue;
    if (known.insert(key).second) incident_.alert_keys.push_back(key);
    Log(AlertEvent(now_, *alert->second));
    // Also the same scenario with a higher severity: its policy may heal instead of only notifying.
    if (IsMoreSerious(precedence, alert->second->labels, incident_.labels)) {
      NameAfter(*alert->second);
      raised = true;
    }
  }
  // Only watched, and its naming alert has resolved: name it after an alert that fires.
  const AlertRecord* naming = NamingAlert(precedence, around_.alerts);
  if (incident_.state == State::kWatching && naming != nullptr && !IsNamedByFiring()) {
    NameAfter(*naming);
    raised = true;
  }
  Raise(raised ? Event::kScenarioRaised : Event::kAlertJoined);
}

bool IncidentAdvance::IsNamedByFiring() const {
  return std::any_of(around_.alerts.begin(), around_.alerts.end(), [this](const auto* alert) {
    return IsFiring(*alert) && alert->labels == incident_.labels;
  });
}

void IncidentAdvance::On(const ExecutionFinished& finished) {
  Attempt* attempt = context_.AttemptUnderWay(finished.attempt_id);
  if (attempt == nullptr || incident_.state != State::kActing) return;
  FinishAttempt(*attempt, finished.receipt);
}

void IncidentAdvance::On(const ObservationFinished& finished) {
  watch_.observing = false;
  Attempt* attempt = context_.AttemptUnderWay(finished.attempt_id);
  if (attempt == nullptr || incident_.state != State::kObserving) return;
  const Time final_at = FinalAt(*attempt);
  if (finished.report.observation != Observation::kHappened && now_ < final_at) {
    watch_.next_observation = std::min(final_at, now_ + kObservationInterval);
    return;
  }
  FinishObservation(*attempt, finished.report);
}

void IncidentAdvance::On(const EvidenceGathered& gathered) {
  if (gathered.evidence.verification == watch_.asked_for) watch_.asking = false;
  const CurrentVerification current = Verifying();
  const std::optional<Evidence> before = watch_.evidence;
  if (!AddEvidence(watch_, current, gathered.evidence)) return;
  if (gathered.evidence.verdict != DataVerdict::kUnknown) watch_.known_at = now_;
  // A verdict that lasts is told once; a recovery is told until it counts.
  const bool changed = !before || before->verdict != gathered.evidence.verdict;
  const bool counting = gathered.evidence.verdict == DataVerdict::kRecovered &&
                        watch_.in_a_row <= current.verification->times;
  if (changed || counting) {
    Log(VerificationEvent(gathered.evidence, watch_.in_a_row, current.verification->times));
  }
}

void IncidentAdvance::On(const OverridePrepared& prepared) {
  if (HeldOverride* override = overrides_.Find(prepared.attempt_id)) {
    overrides_.OnPreparedAgain(*override, prepared.held);
    return;
  }
  Attempt* attempt = context_.AttemptUnderWay(prepared.attempt_id);
  if (attempt == nullptr || incident_.state != State::kActing) return;
  if (!prepared.held) {
    FinishAttempt(*attempt, {ActionResult::kFailed, prepared.held.error().message});
  } else if (const auto why_not = overrides_.Add(*attempt, *prepared.held)) {
    FinishAttempt(*attempt, {ActionResult::kFailed, *why_not});
  }
}

void IncidentAdvance::On(const OverrideReported& reported) {
  HeldOverride* override = overrides_.Find(reported.attempt_id);
  if (override == nullptr) return;
  Attempt* attempt = context_.AttemptUnderWay(reported.attempt_id);
  const bool observing = attempt != nullptr && incident_.state == State::kObserving;
  // While the attempt is observed, a late answer to its apply counts no more.
  if (observing != (reported.operation == OverrideOperation::kInspect)) return;
  if (!overrides_.EndCall(*override, reported.report)) return;
  if (observing) {
    if (const auto seen = overrides_.OnInspected(*override, *attempt, reported.report)) {
      FinishObservation(*attempt, *seen);
    }
  } else if (reported.operation == OverrideOperation::kUndo) {
    overrides_.OnUndone(*override, reported.report);
  } else if (attempt == nullptr) {
    overrides_.OnRenewed(*override, reported.report);
  } else {
    FinishAttempt(*attempt, overrides_.OnApplied(*override, reported.report));
  }
}

void IncidentAdvance::On(const OverridesReleased& released) {
  Log(PersonEvent(now_, "release", released.by, released.why));
  LetGoAtOnce(released.by + " released it");
}

void IncidentAdvance::On(const MarkedFalseAlarm& marked) {
  incident_.false_alarm = FalseAlarm{marked.by, now_, marked.why, incident_.scenario};
  Log(PersonEvent(now_, "false_alarm", marked.by, marked.why));
  LetGoAtOnce(marked.by + " says it is a false alarm");
}

// Without steps. An override that is only being prepared ends its attempt: nothing was changed.
void IncidentAdvance::LetGoAtOnce(const std::string& why) {
  overrides_.WithdrawAll(why);
  if (incident_.state != State::kActing) return;
  Attempt& last = incident_.attempts.back();
  if (last.holds && overrides_.Find(last.id) == nullptr) {
    FinishAttempt(last, {ActionResult::kFailed, "nothing had been changed yet, when " + why});
  }
}

void IncidentAdvance::On(const PoliciesChanged&) {
  if (incident_.state != State::kVerifying) DropEvidence(watch_, now_);
  incident_.skipped.clear();  // The new policies may not require the same.
  overrides_.WithdrawUnheld("no policy holds it now");
  Raise(Event::kPoliciesChanged);
}

void IncidentAdvance::On(const ProgramRestarted&) {
  if (incident_.state == State::kActing) {
    Log(ObservingEvent(now_, incident_.attempts.back(), "the healer was restarted meanwhile"));
  }
  if (const CurrentVerification current = Verifying();
      current && incident_.state == State::kVerifying) {
    const Time acted_at = incident_.attempts.back().finished_at.value_or(now_);
    DropEvidence(watch_, std::max(now_, acted_at + current.verification->settle));
  }
  overrides_.WithdrawUnheld("no policy holds it now");
  Raise(Event::kProgramRestarted);
}

}  // namespace promheal::healing
