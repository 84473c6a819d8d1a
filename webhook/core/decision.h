#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/time.h"
#include "webhook/core/budget.h"
#include "webhook/core/policy.h"
#include "webhook/core/verdict.h"

namespace promheal::healing {

struct Incident;

enum class DecisionKind { kHeal, kWait, kRefuse };
std::string_view ToString(DecisionKind kind);  // "heal", "wait", "refuse"

enum class DecisionReason {
  // Heal.
  kFirstRung,      // Nothing has been tried yet.
  kSameRungAgain,  // The rung has attempts left.
  kNextRung,       // The rung below did not help.
  // Wait.
  kAlertsResolved,        // No alert fires; data have not confirmed yet.
  kNoEvidence,            // Prometheus has been asked and has not answered yet.
  kNoData,                // Prometheus has no answer: nothing acts without data.
  kDataSayHealthy,        // The alert fires, but data do not show the trouble.
  kWaitForPlatform,       // Something else restarts things first.
  kCooldown,              // The same action was taken on this target not long ago.
  kGlobalBudget,          // Enough actions are under way.
  kServiceBudget,         // Enough actions are under way on this service.
  kInstanceIncidentOpen,  // One of its instances is being healed: that may be all.
  // Refuse, and watch.
  kNoTarget,         // The alert has none of the target labels.
  kProtectedTarget,  // Healing it would be acting on ourselves or on what we rest on.
  kNoPolicy,         // No policy matches.
  kNotifyOnly,       // The policy has no ladder.
  kUnsafeLabel,      // A label value may not be put into the command.
  kShadowMode,       // Would act.
  kRecommendMode,    // Would act, and tells people to.
  // Refuse, and call a human.
  kTargetFrozen,     // The ladder was exhausted not long ago.
  kLadderExhausted,  // Every rung has been tried.
  kWaitedTooLong,    // Waited for longer than the policy allows.
};
std::string_view ToString(DecisionReason reason);  // "first_rung", ...: log, metric and ledger.
std::optional<DecisionReason> ParseDecisionReason(std::string_view text);
inline constexpr size_t kDecisionReasonCount = 22;

struct Decision {
  DecisionKind kind = DecisionKind::kWait;
  DecisionReason reason = DecisionReason::kNoEvidence;
  std::string policy;         // "" where none matches.
  size_t rung = 0;            // With Heal and with what Shadow would do.
  std::string action;         // "" where none was reached.
  std::optional<Time> until;  // With Wait: ask again then at the latest.
  std::string text;           // The whole reason as a sentence.

  bool operator==(const Decision&) const = default;
};

// Every reason belongs to one kind.
DecisionKind KindOf(DecisionReason reason);
// Whether a human is called for this reason.
bool CallsHuman(DecisionReason reason);

// What data said last about a target.
struct Evidence {
  DataVerdict verdict = DataVerdict::kUnknown;
  Time at;
  std::string text;
  std::string verification;  // Which one was asked: see VerificationName.
};

// "crash" for a policy's own verification, "crash/restart" for that of one of its rungs. Evidence
// counts only for the verification it was gathered for.
std::string VerificationName(const Policy& policy);
std::string VerificationName(const Policy& policy, size_t rung);
// "crash/throttle/release" where the release of what the rung holds has one of its own.
std::string ReleaseVerificationName(const Policy& policy, size_t rung);

// What the ledger knows about the incident's target.
struct LedgerView {
  std::map<std::string, Time> not_before;  // By action: the end of its cooldown.
  std::optional<Time> frozen_until;
};

// Why an action cannot be carried out with these labels, or nothing. Touches nothing: the same
// labels always give the same answer.
using Feasibility =
    std::function<std::optional<std::string>(const std::string& action, const Labels& labels)>;

struct DecisionInput {
  const Incident& incident;
  bool any_alert_firing = true;
  const PolicySet& policies;
  const LedgerView& ledger;
  const BudgetUse& budget;
  const std::optional<Evidence>& evidence;
  const Feasibility& infeasible;
  const std::string& busy_instance;  // Of this target, by name, as in Surroundings.
};

// What commands and queries may use: the naming alert's labels, the target's on top.
Labels LabelsOf(const Incident& incident);

// What to do about an incident now. Pure: the same input gives the same decision, and nothing else
// ever leads to an action.
Decision Decide(const DecisionInput& input, Time now);

}  // namespace promheal::healing
