#include <fmt/core.h>

#include "webhook/core/advance/incident_advance.h"
#include "webhook/core/advance/timeline.h"
#include "webhook/core/duration_text.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;

}  // namespace

// Data recovered, alerts still fire: waits for the end, for a relapse, or for the time to release.
bool IncidentAdvance::RaiseWhileHolding() {
  if (RaiseEnd()) return true;
  const HeldOverride* next = overrides_.Releasable();
  const bool blind = next != nullptr && overrides_.IsBlind(*next);
  if (!blind && Says(DataVerdict::kNotRecovered)) {
    ConcludeRelapse("it came back: " + watch_.evidence->text);
    Raise(Event::kDataNotRecovered);
    return true;
  }
  if (next == nullptr) return false;
  if (RaiseWithoutData(*next)) return true;
  if (now_ < next->next_release) return false;
  if (!blind && !Says(DataVerdict::kRecovered)) return false;
  Raise(Event::kReleaseDue);
  return true;
}

// One override after the other.
bool IncidentAdvance::RaiseWhileReleasing() {
  if (RaiseEnd()) return true;
  HeldOverride* next = overrides_.Releasable();
  const Hold* hold = next != nullptr ? overrides_.HoldOf(*next) : nullptr;
  if (hold == nullptr) {
    if (!incident_.attempts.back().verdict) {
      Conclude(ActionVerdict::kUnknown, "it was not held long enough to tell");
    }
    Raise(Event::kDataMissing);
    return true;
  }
  if (next->phase != HoldPhase::kInForce && next->phase != HoldPhase::kLifted) return false;
  if (RaiseWithoutData(*next)) return true;
  const std::string attempt_id = next->attempt_id;
  const ReleaseResult result = overrides_.MoveRelease(*next, *hold);
  switch (result.move) {
    case ReleaseMove::kNone:
      return false;
    case ReleaseMove::kStepped:
      return true;
    case ReleaseMove::kReleased:
      return FinishRelease(attempt_id, result.why);
    case ReleaseMove::kGivenUp:
      return Climb(result.why);
  }
  return false;
}

// Without data it is unknown whether the override is still of use: after a while a human is called.
bool IncidentAdvance::RaiseWithoutData(const HeldOverride& override) {
  if (!watch_.known_at || overrides_.IsBlind(override)) watch_.known_at = now_;
  const Policy* policy = FindPolicyByName(around_.policies, override.policy);
  if (policy == nullptr || now_ - *watch_.known_at < policy->escalate_after) return false;
  incident_.last_decision = Decision{
      .kind = KindOf(DecisionReason::kWaitedTooLong),
      .reason = DecisionReason::kWaitedTooLong,
      .policy = override.policy,
      .rung = override.rung,
      .action = override.action,
      .text = fmt::format("holds {} no longer, because there have been no data for {}: a human is "
                          "needed",
                          override.action, DurationText(now_ - *watch_.known_at))};
  Log(DecisionEvent(now_, *incident_.last_decision));
  Raise(Event::kDecidedEscalate);
  return true;
}

bool IncidentAdvance::FinishRelease(const std::string& attempt_id, const std::string& why) {
  const Attempt& last = incident_.attempts.back();
  if (last.id == attempt_id && !last.verdict) Conclude(ActionVerdict::kHealed, why);
  if (overrides_.Releasable() == nullptr) Raise(Event::kDataRecovered);
  return true;
}

// The release has failed for too long: on to the next rung, while the override stays in force.
bool IncidentAdvance::Climb(const std::string& why) {
  ConcludeRelapse(why);
  // The evidence about the release counts as evidence about the incident now.
  const Policy* policy = PolicyNow();
  if (watch_.evidence && policy != nullptr) {
    watch_.evidence->verification = VerificationName(*policy);
  }
  Raise(Event::kDataNotRecovered);
  return true;
}

}  // namespace promheal::healing
