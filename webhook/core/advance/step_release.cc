#include <fmt/core.h>

#include <algorithm>

#include "webhook/core/advance/release_steps.h"
#include "webhook/core/advance/step.h"
#include "webhook/core/advance/timeline.h"
#include "webhook/core/duration_text.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;

}  // namespace

// One override after the other, each step by step. A step that was good for long enough leads to
// the next one; one that is bad leads back to the last good one, and to a longer wait before the
// next try.
bool Step::RaiseWhileReleasing() {
  if (RaiseEnd()) return true;
  HeldOverride* one = Releasable();
  const Hold* hold = one != nullptr ? HoldOf(*one) : nullptr;
  if (hold == nullptr) {
    if (!incident_.attempts.back().verdict) {
      Conclude(ActionVerdict::kUnknown, "it was not held long enough to tell");
    }
    Raise(Event::kDataMissing);
    return true;
  }
  if (one->phase != HoldPhase::kInForce && one->phase != HoldPhase::kLifted) return false;
  const bool blind = IsBlind(*one);
  if (blind) watch_.known_at = now_;
  if (RaiseWithoutData(*one)) return true;
  if (!blind && Says(DataVerdict::kNotRecovered)) return Relapse(*one, *hold);
  if ((!blind && !Says(DataVerdict::kRecovered)) || now_ < StepDue(*one, *hold)) return false;
  if (one->phase == HoldPhase::kLifted) {
    FinishRelease(*one);
    return true;
  }
  one->relapsed = false;
  MoveTo(*one, *hold, one->step + 1);
  return true;
}

// Nobody knows whether what is held is still of any use: that is no state to stay in.
bool Step::RaiseWithoutData(const HeldOverride& one) {
  if (!watch_.known_at) watch_.known_at = now_;
  const Policy* policy = FindPolicyByName(around_.policies, one.policy);
  if (policy == nullptr || now_ - *watch_.known_at < policy->escalate_after) return false;
  incident_.last_decision = Decision{
      .kind = KindOf(DecisionReason::kWaitedTooLong),
      .reason = DecisionReason::kWaitedTooLong,
      .policy = one.policy,
      .rung = one.rung,
      .action = one.action,
      .text = fmt::format("holds {} no longer, because there have been no data for {}: a human is "
                          "needed",
                          one.action, DurationText(now_ - *watch_.known_at))};
  Log(DecisionEvent(now_, *incident_.last_decision));
  Raise(Event::kDecidedEscalate);
  return true;
}

// Nothing gets through that could be judged: data are old, or about something else.
bool Step::IsBlind(const HeldOverride& one) const {
  const Rung* rung = RungOf(one.policy, one.rung);
  return one.step == 0 && rung != nullptr && rung->probe;
}

// When the next step may be taken, should data be good.
Time Step::StepDue(const HeldOverride& one, const Hold& hold) const {
  const bool in_steps = one.step > 0 && !one.relapsed;
  return in_steps ? one.step_since + hold.step : one.next_release;
}

// Data say that the trouble is there again.
bool Step::Relapse(HeldOverride& one, const Hold& hold) {
  const Verification& verification = *Verifying().verification;
  const bool was_going_back = one.relapsed || one.step == 0;
  // What has just been set again takes its time to help.
  if (was_going_back && now_ < one.step_since + verification.settle + verification.timeout) {
    return false;
  }
  const std::string why = watch_.evidence->text;
  if (one.step == 0) return Climb("it came back: " + why);
  if (!was_going_back) ++one.relapses;
  one.relapsed = true;
  one.next_release = now_ + BackOff(hold, one.relapses);
  Log(OverrideEvent(
      now_, one, "relapse",
      fmt::format("was let go too far: back to {}%, for {} at least: {}",
                  PercentOf(one, hold, one.step - 1), DurationText(one.next_release - now_), why)));
  const std::optional<Evidence> seen = watch_.evidence;
  MoveTo(one, hold, one.step - 1);
  if (now_ - one.tried_since < hold.at_most) return true;
  watch_.evidence = seen;  // It is what the next rung is decided by.
  return Climb(fmt::format("it comes back whenever {} is let go: {}", one.action, why));
}

void Step::MoveTo(HeldOverride& one, const Hold& hold, size_t step) {
  one.step = step;
  one.step_since = now_;
  OverrideWatch& watch = watch_.overrides[one.attempt_id];
  watch.next_call = now_;
  watch.failures = 0;
  const int percent = PercentOf(one, hold, step);
  const CurrentVerification current = Verifying();
  DropEvidence(watch_, now_ + (current ? current.verification->settle : Duration(0)));
  advanced_.changed = true;
  if (one.phase == HoldPhase::kLifted) {
    one.phase = HoldPhase::kReturning;
    return;
  }
  const Result<Override> stepped = step < LastStep(hold)
                                       ? around_.at_percent(one.action, one.held, percent)
                                       : Fail(ErrorCode::kInvalidArgument, "the last step is none");
  if (stepped) {
    one.held = *stepped;
    Log(OverrideEvent(now_, one, "step", fmt::format("goes to {}%", percent)));
  } else {
    one.phase = HoldPhase::kLifting;
  }
}

void Step::FinishRelease(HeldOverride& one) {
  Log(OverrideEvent(now_, one, "released", "is released for good: " + watch_.evidence->text));
  const Attempt& last = incident_.attempts.back();
  const bool judged_now = last.id == one.attempt_id && !last.verdict;
  if (judged_now) Conclude(ActionVerdict::kHealed, watch_.evidence->text);
  Drop(one);
  if (Releasable() == nullptr) Raise(Event::kDataRecovered);
}

// Letting go has failed for too long: the next rung's turn, while what is held stays.
bool Step::Climb(const std::string& why) {
  TakeItCameBack(why);
  // What data said of the release is what they say of the incident now.
  const Policy* policy = PolicyNow();
  if (watch_.evidence && policy != nullptr) {
    watch_.evidence->verification = VerificationName(*policy);
  }
  Raise(Event::kDataNotRecovered);
  return true;
}

}  // namespace promheal::healing
