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
  kAlertsResolved,        // No alert fires; data have not confirmed yet.
  kPaused,                // A person has paused everything.
  kMaintenance,           // A maintenance window applies to it.
  kSilenced,              // A silence covers every alert of it that fires.
  kNoEvidence,            // Prometheus has been asked and has not answered yet.
  kNoData,                // Prometheus has no answer: nothing acts without data.
  kDataSayHealthy,        // The alert fires, but data do not show the trouble.
  kWaitForPlatform,       // Something else restarts things first.
  kCooldown,              // The same action was taken on this target not long ago.
  kGlobalBudget,          // Enough actions are under way.
  kServiceBudget,         // Enough actions are under way on this service.
  kHourlyBudget,          // Enough actions were started within the last hour.
  kGroupBudget,           // Enough actions were started within the last hour in its group.
  kStorm,                 // Too much goes wrong at once.
  kMinHealthy,            // Too little would remain healthy, or nobody knows what.
  kInstanceIncidentOpen,  // One of its instances is being healed: that may be all.
  // Skip, and decide again.
  kRequirementUnmet,  // What the rung requires does not hold, or nobody knows.
  // Refuse, and watch.
  kNoTarget,         // The alert has none of the target labels.
  kProtectedTarget,  // Healing it would be acting on ourselves or on what we rest on.
  kFalseAlarm,       // A person says that nothing is wrong.
  kNoPolicy,         // No policy matches.
  kNotifyOnly,       // The policy has no ladder.
  kUnsafeLabel,      // A label value may not be put into the command.
  kShadowMode,       // Would act.
  kRecommendMode,    // Would act, and tells people to.
  // Refuse, and call a human.
  kTargetFrozen,     // A person wants it left alone, or its ladder was exhausted not long ago.
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
// Whether a person wants nothing done meanwhile, or has been called about more than this incident:
// then nobody is called about the wait, however long it is.
bool IsHeldUp(DecisionReason reason);

}  // namespace promheal::healing
