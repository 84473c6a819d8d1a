#include <algorithm>

#include "webhook/core/advance/step.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;
using State = IncidentState;

// So long after its deadline the answer of a call counts as lost.
constexpr Duration kAnswerGrace = std::chrono::seconds(30);

// Doubtful alerts do not hold an incident open: their resolve was delivered already.
bool HoldsOpen(const AlertRecord* alert) { return IsFiring(*alert) && !alert->doubtful; }

}  // namespace

void Step::NoteResolve() {
  const bool resolved = std::none_of(around_.alerts.begin(), around_.alerts.end(), HoldsOpen);
  if (resolved == incident_.resolved_at.has_value()) return;
  advanced_.changed = true;
  incident_.resolved_at = resolved ? std::optional(now_) : std::nullopt;
  if (resolved) Log(AlertsResolvedEvent(now_));
}

bool Step::RaiseDue() {
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

bool Step::RaiseWhileCollecting() {
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

bool Step::RaiseWhilePending() {
  if (RaiseEnd()) return true;
  if (Says(DataVerdict::kRecovered)) {
    Raise(Event::kDataRecovered);
    return true;
  }
  if (IsFirstUndoOpen()) return false;
  DecideNow();
  return incident_.state != State::kPending;
}

bool Step::RaiseWhileActing() {
  const Attempt& attempt = incident_.attempts.back();
  if (now_ < attempt.deadline + kAnswerGrace) return false;
  Log(ObservingEvent(now_, attempt, "the executor's answer was lost"));
  Raise(Event::kActionUnknown);
  return true;
}

// What was never prepared, or whose preparation is not on record, has not been written anywhere.
bool Step::RaiseWhileObserving() {
  Attempt& attempt = incident_.attempts.back();
  if (!attempt.holds || FindHeld(attempt.id) != nullptr) return false;
  FinishObservation(attempt, {Observation::kNotHappened, "nothing had been changed yet"});
  return true;
}

bool Step::RaiseWhileVerifying() {
  const CurrentVerification current = Verifying();
  if (!current) {
    Conclude(ActionVerdict::kUnknown, "its policy has gone, there is nothing to ask");
    Raise(Event::kDataMissing);
    return true;
  }
  if (Says(DataVerdict::kRecovered)) {
    Conclude(ActionVerdict::kHealed, watch_.evidence->text);
    // What helped may be needed for a while; what is held beside it is not.
    for (HeldOverride& one : incident_.overrides) {
      if (one.attempt_id == incident_.attempts.back().id) continue;
      one.next_release = one.tried_since = now_;
      one.relapses = 0;
    }
    Raise(Event::kDataRecovered);
    return true;
  }
  if (now_ < VerificationDeadline(*current.verification)) return false;
  const DataVerdict last = watch_.evidence ? watch_.evidence->verdict : DataVerdict::kUnknown;
  if (last == DataVerdict::kRecovered)
    return false;  // Not often enough yet: the next answers decide.
  const bool bad = last == DataVerdict::kNotRecovered;
  Conclude(bad ? ActionVerdict::kIneffective : ActionVerdict::kUnknown,
           watch_.evidence ? watch_.evidence->text : "Prometheus did not answer");
  Raise(bad ? Event::kDataNotRecovered : Event::kDataMissing);
  return true;
}

bool Step::RaiseWhileHolding() {
  if (RaiseEnd()) return true;
  const HeldOverride* held = Releasable();
  const bool blind = held != nullptr && IsBlind(*held);
  if (!blind && Says(DataVerdict::kNotRecovered)) {
    TakeItCameBack("it came back: " + watch_.evidence->text);
    Raise(Event::kDataNotRecovered);
    return true;
  }
  if (held == nullptr) return false;
  if (blind) watch_.known_at = now_;
  if (RaiseWithoutData(*held)) return true;
  if (now_ < held->next_release) return false;
  if (!blind && !Says(DataVerdict::kRecovered)) return false;
  Raise(Event::kReleaseDue);
  return true;
}

void Step::TakeItCameBack(const std::string& why) {
  incident_.recovered_at = std::nullopt;
  if (incident_.attempts.empty()) return;
  const std::optional<ActionVerdict> verdict = incident_.attempts.back().verdict;
  if (!verdict || verdict == ActionVerdict::kHealed) Conclude(ActionVerdict::kIneffective, why);
}

bool Step::RaiseWhileWatching() {
  if (Verifying()) return RaiseEnd();
  if (!incident_.resolved_at || !AllUndone("the incident ends")) return false;
  Raise(Event::kAllClear);
  return true;
}

// All alerts are resolved: data confirm it, or have not for too long. What is held in force is
// released first, by steps where data are good; it may be what silences the alerts.
bool Step::RaiseEnd() {
  if (!incident_.resolved_at) return false;
  const bool confirmed = Says(DataVerdict::kRecovered);
  if (!confirmed && now_ < *incident_.resolved_at + around_.policies.unconfirmed_after)
    return false;
  const bool by_steps = incident_.state == State::kPending || incident_.state == State::kHolding ||
                        incident_.state == State::kReleasing;
  const bool kept = incident_.state == State::kEscalated && !confirmed;
  if (Releasable() != nullptr && (kept || (by_steps && confirmed))) return false;
  if (!AllUndone("the incident ends")) return false;
  Raise(confirmed ? Event::kAllClear : Event::kUnconfirmed);
  return true;
}

Time Step::VerificationDeadline(const Verification& verification) const {
  return incident_.attempts.back().finished_at.value_or(now_) + verification.settle +
         verification.timeout;
}

Advanced Step::Finish() {
  constexpr Duration kIdleWake = std::chrono::hours(1);
  advanced_.wake_at = now_ + kIdleWake;
  const auto consider = [this](Time time) {
    if (time > now_) advanced_.wake_at = std::min(advanced_.wake_at, time);
  };
  const CurrentVerification current = Verifying();
  if (current && !watch_.asking) consider(watch_.next_question);
  if (incident_.resolved_at) consider(*incident_.resolved_at + around_.policies.unconfirmed_after);
  if (incident_.state == State::kCollecting) {
    consider(incident_.opened_at + around_.policies.collection_window);
  } else if (incident_.state == State::kPending) {
    if (until_) consider(*until_);
    if (const Policy* policy = PolicyNow())
      consider(incident_.state_since + policy->escalate_after);
  } else if (incident_.state == State::kActing) {
    consider(incident_.attempts.back().deadline + kAnswerGrace);
  } else if (incident_.state == State::kObserving && !watch_.observing) {
    consider(watch_.next_observation);
  } else if (incident_.state == State::kVerifying && current) {
    consider(VerificationDeadline(*current.verification));
  }
  for (const HeldOverride& one : incident_.overrides) {
    const OverrideWatch& watch = watch_.overrides[one.attempt_id];
    if (!watch.busy && one.phase != HoldPhase::kLifted) consider(watch.next_call);
    if (const Hold* hold = HoldOf(one)) {
      consider(StepDue(one, *hold));
      const Policy& policy = *FindPolicyByName(around_.policies, one.policy);
      consider(watch_.known_at.value_or(now_) + policy.escalate_after);
    }
  }
  return std::move(advanced_);
}

}  // namespace promheal::healing
