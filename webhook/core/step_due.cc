#include <algorithm>

#include "webhook/core/step.h"
#include "webhook/core/timeline.h"

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
    case State::kWatching:
    case State::kEscalated:
      return RaiseWhileWatching();
    case State::kObserving:
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

bool Step::RaiseWhileVerifying() {
  const CurrentVerification current = Verifying();
  if (!current) {
    Conclude(ActionVerdict::kUnknown, "its policy has gone, there is nothing to ask");
    Raise(Event::kDataMissing);
    return true;
  }
  if (Says(DataVerdict::kRecovered)) {
    Conclude(ActionVerdict::kHealed, watch_.evidence->text);
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
  if (!Says(DataVerdict::kNotRecovered)) return false;
  incident_.recovered_at = std::nullopt;
  if (!incident_.attempts.empty() && incident_.attempts.back().verdict == ActionVerdict::kHealed) {
    Conclude(ActionVerdict::kIneffective, "it came back: " + watch_.evidence->text);
  }
  Raise(Event::kDataNotRecovered);
  return true;
}

bool Step::RaiseWhileWatching() {
  if (Verifying()) return RaiseEnd();
  if (!incident_.resolved_at) return false;
  Raise(Event::kAllClear);
  return true;
}

// All alerts are resolved: data confirm it, or have not for too long.
bool Step::RaiseEnd() {
  if (!incident_.resolved_at) return false;
  const bool confirmed = Says(DataVerdict::kRecovered);
  if (!confirmed && now_ < *incident_.resolved_at + around_.policies.unconfirmed_after)
    return false;
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
  return std::move(advanced_);
}

}  // namespace promheal::healing
