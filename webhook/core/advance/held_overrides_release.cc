#include <fmt/core.h>

#include <algorithm>

#include "webhook/core/advance/held_overrides.h"
#include "webhook/core/advance/release_steps.h"
#include "webhook/core/duration_text.h"

namespace promheal::healing {

// A step that was good for long enough leads to the next step. A bad one leads back to the last
// good step, and to a longer wait before the next try.
ReleaseResult HeldOverrides::MoveRelease(HeldOverride& override, const Hold& hold) {
  const bool blind = IsBlind(override);
  if (!blind && context_.Says(DataVerdict::kNotRecovered)) return Relapse(override, hold);
  if (!blind && !context_.Says(DataVerdict::kRecovered)) return {};
  if (now_ < NextStepAt(override, hold)) return {};
  if (override.phase == HoldPhase::kLifted) {
    const std::string why = watch_.evidence->text;
    Log(override, "released", "is released for good: " + why);
    Drop(override);
    return {ReleaseMove::kReleased, why};
  }
  override.relapsed = false;
  GoToStep(override, hold, override.step + 1);
  return {ReleaseMove::kStepped};
}

// Only if data are good then.
Time HeldOverrides::NextStepAt(const HeldOverride& override, const Hold& hold) const {
  const bool in_steps = override.step > 0 && !override.relapsed;
  return in_steps ? override.step_since + hold.step : override.next_release;
}

// Data show the trouble again.
ReleaseResult HeldOverrides::Relapse(HeldOverride& override, const Hold& hold) {
  const Verification& verification = *context_.Verifying().verification;
  const bool was_going_back = override.relapsed || override.step == 0;
  // An override that has just been set again needs time to help.
  if (was_going_back && now_ < override.step_since + verification.settle + verification.timeout) {
    return {};
  }
  const std::string why = watch_.evidence->text;
  if (override.step == 0) return {ReleaseMove::kGivenUp, "it came back: " + why};
  if (!was_going_back) ++override.relapses;
  override.relapsed = true;
  override.next_release = now_ + BackOff(hold, override.relapses);
  Log(override, "relapse",
      fmt::format("was let go too far: back to {}%, for {} at least: {}",
                  PercentOf(override, hold, override.step - 1),
                  DurationText(override.next_release - now_), why));
  const std::optional<Evidence> seen = watch_.evidence;
  GoToStep(override, hold, override.step - 1);
  if (now_ - override.tried_since < hold.at_most) return {ReleaseMove::kStepped};
  watch_.evidence = seen;  // The next rung is decided by it.
  return {ReleaseMove::kGivenUp,
          fmt::format("it comes back whenever {} is let go: {}", override.action, why)};
}

void HeldOverrides::GoToStep(HeldOverride& override, const Hold& hold, size_t step) {
  override.step = step;
  override.step_since = now_;
  OverrideWatch& watch = watch_.overrides[override.attempt_id];
  watch.next_call = now_;
  watch.failures = 0;
  context_.LetSettle();
  context_.advanced.changed = true;
  if (override.phase == HoldPhase::kLifted) {
    override.phase = HoldPhase::kReturning;
    return;
  }
  const int percent = PercentOf(override, hold, step);
  const Result<Override> stepped =
      step < LastStep(hold)
          ? context_.around.at_percent(override.action, override.held, percent)
          : Fail(ErrorCode::kInvalidArgument, "the last step leaves nothing in force");
  if (!stepped) {
    override.phase = HoldPhase::kLifting;
    return;
  }
  override.held = *stepped;
  Log(override, "step", fmt::format("goes to {}%", percent));
}

void HeldOverrides::ReleaseOthersNow(const std::string& attempt_id) {
  for (HeldOverride& override : incident_.overrides) {
    if (override.attempt_id == attempt_id) continue;
    override.next_release = override.tried_since = now_;
    override.relapses = 0;
  }
}

}  // namespace promheal::healing
