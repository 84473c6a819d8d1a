#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace promheal::healing {

enum class DecisionKind { kHeal, kWait, kSkip, kRefuse };
std::string_view ToString(DecisionKind kind);  // "heal", "wait", "skip", "refuse"

enum class DecisionReason {
  // Heal.
  kFirstRung,      // Nothing has been tried yet.
  kSameRungAgain,  // The rung has attempts left.
  kNextRung,       // The rung below did not help.
  // Wait.
  kAlertsResolved,        // No alert fires; data have not confirmed it yet.
  kPaused,                // A person has paused everything.
  kMaintenance,           // A maintenance window is open for it.
  kSilenced,              // Silences cover all its alerts that fire.
  kNoEvidence,            // Prometheus has been asked and has not answered yet.
  kNoData,                // Prometheus has no data, and without data the healer does not act.
  kDataSayHealthy,        // The alert fires, but data do not show the trouble.
  kWaitForPlatform,       // The platform may restart it first.
  kCooldown,              // The same action was taken on this target not long ago.
  kGlobalBudget,          // Enough actions are under way.
  kServiceBudget,         // Enough actions are under way on this service.
  kHourlyBudget,          // Enough actions were started within the last hour.
  kGroupBudget,           // Enough actions were started within the last hour in its group.
  kStorm,                 // Too many incidents opened at once.
  kMinHealthy,            // Too little would remain healthy, or data do not tell.
  kInstanceIncidentOpen,  // One of its instances is being healed, which may be enough.
  // Skip, and decide again.
  kRequirementUnmet,  // The rung's requirements do not hold, or data do not tell.
  // Refuse, and watch.
  kNoTarget,         // The alert has none of the target labels.
  kProtectedTarget,  // promheal itself, or something that it depends on.
  kFalseAlarm,       // A person said that nothing is wrong.
  kNoPolicy,         // No policy matches.
  kNotifyOnly,       // The policy has no ladder.
  kUnsafeLabel,      // A label value must not be put into the command.
  kShadowMode,       // Mode shadow: would act.
  kRecommendMode,    // Mode recommend: would act, and tells people to.
  // Refuse, and call a human.
  kTargetFrozen,     // A person froze it, or its ladder was exhausted not long ago.
  kLadderExhausted,  // Every rung has been tried.
  kWaitedTooLong,    // Waited for longer than the policy allows.
};
std::string_view ToString(DecisionReason reason);  // "first_rung", ...: log, metric and ledger.
std::optional<DecisionReason> ParseDecisionReason(std::string_view text);
inline constexpr size_t kDecisionReasonCount = 31;

// Every reason belongs to one kind.
DecisionKind KindOf(DecisionReason reason);
// Whether a human is called for this reason.
bool CallsHuman(DecisionReason reason);
// Whether people hold the incident up, or a storm does, about which a human is called anyway. No
// human is called about such a wait, however long it is.
bool IsHeldUp(DecisionReason reason);

}  // namespace promheal::healing
