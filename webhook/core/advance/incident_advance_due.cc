#include <algorithm>

#include "webhook/core/advance/incident_advance.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

// How long after its deadline the answer of a call counts as lost.
constexpr Duration kAnswerGrace = std::chrono::seconds(30);

// Doubtful alerts do not hold an incident open: their resolve was delivered already.
bool HoldsOpen(const AlertRecord* alert) { return IsFiring(*alert) && !alert->doubtful; }

}  // namespace

void IncidentAdvance::NoteResolve() {
  const bool resolved = std::none_of(around_.alerts.begin(), around_.alerts.end(), HoldsOpen);
  if (resolved == incident_.resolved_at.has_value()) return;
  context_.advanced.changed = true;
  incident_.resolved_at = resolved ? std::optional(now_) : std::nullopt;
  if (resolved) Log(AlertsResolvedEvent(now_));
}

bool IncidentAdvance::RaiseDue() {
  switch (incident_.state) {
    case State::kCollecting:
      return RaiseWhileCollecting();
    case State::kPending:
      return RaiseWhilePending();
    case State::kActing:
      return RaiseWhileActing();
    case State::kVerifying:
      return RaiseWhileVerifying();
    case State::kHolding:
      return RaiseWhileHolding();
    case State::kReleasing:
      return RaiseWhileReleasing();
    case State::kWatching:
    case State::kEscalated:
      return RaiseWhileWatching();
    case State::kObserving:
      return RaiseWhileObserving();
    case State::kClosed:
      break;
  }
  return false;
}

bool IncidentAdvance::RaiseWhileCollecting() {
  if (incident_.resolved_at && Says(DataVerdict::kRecovered)) {
    Raise(Event::kAllClear);
    return true;
  }
  if (now_ < incident_.opened_at + around_.policies.collection_window) return false;
  const AlertRecord* alert = NamingAlert(around_.policies.scenarios, around_.alerts);
  if (alert != nullptr && alert->labels != incident_.labels) NameAfter(*alert);
  Raise(Event::kWindowElapsed);
  return true;
}

bool IncidentAdvance::RaiseWhilePending() {
  if (RaiseEnd()) return true;
  if (Says(DataVerdict::kRecovered)) {
    Raise(Event::kDataRecovered);
    return true;
  }
  if (overrides_.IsUndoing()) return false;
  DecideNow();
  return incident_.state != State::kPending;
}

bool IncidentAdvance::RaiseWhileActing() {
  const Attempt& attempt = incident_.attempts.back();
  if (now_ < attempt.deadline + kAnswerGrace) return false;
  Log(ObservingEvent(now_, attempt, "the executor's answer was lost"));
  Raise(Event::kActionUnknown);
  return true;
}

// An override that is not on record was never applied.
bool IncidentAdvance::RaiseWhileObserving() {
  Attempt& attempt = incident_.attempts.back();
  if (!attempt.holds || overrides_.Find(attempt.id) != nullptr) return false;
  FinishObservation(attempt, {Observation::kNotHappened, "nothing had been changed yet"});
  return true;
}

bool IncidentAdvance::RaiseWhileVerifying() {
  const CurrentVerification current = Verifying();
  if (!current) {
    Conclude(ActionVerdict::kUnknown, "its policy is no longer configured, so there is no query");
    Raise(Event::kDataMissing);
    return true;
  }
  if (Says(DataVerdict::kRecovered)) {
    Conclude(ActionVerdict::kHealed, watch_.evidence->text);
    overrides_.ReleaseOthersNow(incident_.attempts.back().id);
    Raise(Event::kDataRecovered);
    return true;
  }
  if (now_ < VerificationDeadline(*current.verification)) return false;
  const DataVerdict last = watch_.evidence ? watch_.evidence->verdict : DataVerdict::kUnknown;
  // Good, but not often enough in a row yet: the next answers decide.
  if (last == DataVerdict::kRecovered) return false;
  const bool bad = last == DataVerdict::kNotRecovered;
  Conclude(bad ? ActionVerdict::kIneffective : ActionVerdict::kUnknown,
           watch_.evidence ? watch_.evidence->text : "Prometheus did not answer");
  Raise(bad ? Event::kDataNotRecovered : Event::kDataMissing);
  return true;
}

bool IncidentAdvance::RaiseWhileWatching() {
  if (Verifying()) return RaiseEnd();
  if (!incident_.resolved_at || !UndoAll()) return false;
  Raise(Event::kAllClear);
  return true;
}

// All alerts are resolved: data confirm it, or have not for too long. Overrides may be why the
// alerts are silent: they are undone first, or released by steps if data are good.
bool IncidentAdvance::RaiseEnd() {
  if (!incident_.resolved_at) return false;
  const bool confirmed = Says(DataVerdict::kRecovered);
  const Time give_up_at = *incident_.resolved_at + around_.policies.unconfirmed_after;
  if (!confirmed && now_ < give_up_at) return false;
  const bool by_steps = incident_.state == State::kPending || incident_.state == State::kHolding ||
                        incident_.state == State::kReleasing;
  const bool kept = incident_.state == State::kEscalated && !confirmed;
  if (overrides_.Releasable() != nullptr && (kept || (by_steps && confirmed))) return false;
  if (!UndoAll()) return false;
  Raise(confirmed ? Event::kAllClear : Event::kUnconfirmed);
  return true;
}

// True once nothing is left to undo.
bool IncidentAdvance::UndoAll() {
  overrides_.WithdrawAll("the incident ends");
  return overrides_.IsEmpty();
}

Time IncidentAdvance::VerificationDeadline(const Verification& verification) const {
  return incident_.attempts.back().finished_at.value_or(now_) + verification.settle +
         verification.timeout;
}

Advanced IncidentAdvance::Finish() {
  constexpr Duration kIdleWake = std::chrono::hours(1);
  std::vector<Time> times;
  const CurrentVerification current = Verifying();
  if (current && !watch_.asking) times.push_back(watch_.next_question);
  if (incident_.resolved_at) {
    times.push_back(*incident_.resolved_at + around_.policies.unconfirmed_after);
  }
  AddWakeTimesOfState(times);
  overrides_.AddWakeTimes(times);
  Advanced& advanced = context_.advanced;
  advanced.wake_at = now_ + kIdleWake;
  for (const Time time : times) {
    if (time > now_) advanced.wake_at = std::min(advanced.wake_at, time);
  }
  return std::move(advanced);
}

void IncidentAdvance::AddWakeTimesOfState(std::vector<Time>& times) const {
  const State state = incident_.state;
  const CurrentVerification current = Verifying();
  const Policy* policy = PolicyNow();
  if (state == State::kCollecting) {
    times.push_back(incident_.opened_at + around_.policies.collection_window);
  } else if (state == State::kPending) {
    if (until_) times.push_back(*until_);
    if (policy != nullptr) times.push_back(incident_.state_since + policy->escalate_after);
  } else if (state == State::kActing) {
    times.push_back(incident_.attempts.back().deadline + kAnswerGrace);
  } else if (state == State::kObserving && !watch_.observing) {
    times.push_back(watch_.next_observation);
  } else if (state == State::kVerifying && current) {
    times.push_back(VerificationDeadline(*current.verification));
  }
}

}  // namespace promheal::healing
