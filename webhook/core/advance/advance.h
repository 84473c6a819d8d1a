#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/advance/watch.h"
#include "webhook/core/alert.h"
#include "webhook/core/decision.h"
#include "webhook/core/incident.h"
#include "webhook/core/override/action.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// A call to the keepers of an override that has been prepared.
enum class OverrideOperation {
  kApply,    // Puts it in force, or renews it.
  kUndo,     // Restores the earlier values, if ours are still there.
  kInspect,  // Only reads.
};

// The stimuli: events from outside that concern an incident.
struct AlertsJoined {  // Each fires for the first time, or again after a resolve.
  std::vector<std::string> keys;
};
struct ExecutionFinished {
  std::string attempt_id;
  Receipt receipt;
};
struct ObservationFinished {
  std::string attempt_id;
  ObservationReport report;
};
struct EvidenceGathered {
  Evidence evidence;
};
struct OverridePrepared {
  std::string attempt_id;
  Result<Override> held;  // With an error nothing was changed.
};
struct OverrideReported {
  OverrideOperation operation = OverrideOperation::kApply;
  std::string attempt_id;
  OverrideReport report;
};
struct OverridesReleased {  // A person wants all overrides undone at once.
  std::string by;
  std::string why;
};
struct MarkedFalseAlarm {
  std::string by;
  std::string why;
};
struct PoliciesChanged {};
struct ProgramRestarted {};
struct TimePassed {};
using Stimulus =
    std::variant<TimePassed, AlertsJoined, ExecutionFinished, ObservationFinished, EvidenceGathered,
                 OverridePrepared, OverrideReported, OverridesReleased, MarkedFalseAlarm,
                 PoliciesChanged, ProgramRestarted>;

// The effects of an advance: entries of the ledger, and calls. The calls run only after the
// incident and these entries are durable.
struct ExecuteAction {
  Action action;
  Duration deadline;
};
struct ObserveAction {
  Action action;
};
struct GatherEvidence {
  std::string verification;  // Its name: see VerificationName.
  Labels labels;             // Values for the placeholders in its queries.
  std::vector<Condition> conditions;
  bool urgent = false;                       // An action in flight waits for the answer.
  std::vector<RungQuestion> questions = {};  // Further questions, answered with it.
};
struct PrepareOverride {
  Action action;
  Duration deadline;
};
struct OperateOverride {
  OverrideOperation operation = OverrideOperation::kApply;
  std::string attempt_id;
  std::string action;
  Override held;  // As in the incident's record, except for its expiry.
  Duration deadline;
};
struct StartCooldown {
  std::string action;
  std::string attempt_id;
  Time at;
  Time not_before;
};
struct VoidCooldown {  // The attempt that started the cooldown never happened.
  std::string action;
  std::string attempt_id;
};
struct FreezeTarget {
  Time until;
  std::string reason;
};
using Effect = std::variant<ExecuteAction, ObserveAction, GatherEvidence, PrepareOverride,
                            OperateOverride, StartCooldown, VoidCooldown, FreezeTarget>;

// Returns the same override at another percentage, in the terms of the action's executor. Pure.
using AtPercent =
    std::function<Result<Override>(const std::string& action, const Override& held, int percent)>;

// The surroundings of an incident during an advance.
struct Surroundings {
  const PolicySet& policies;
  const std::vector<const AlertRecord*>& alerts;  // The incident's alerts.
  const LedgerView& ledger;
  const BudgetUse& budget;  // Without this incident's own action.
  const Feasibility& infeasible;
  const AtPercent& at_percent;
  // An instance of this target that is being healed of something at least as serious, or "".
  std::string busy_instance;
  // Ids of Alertmanager's silences, if these cover all alerts of the incident that fire; else
  // empty.
  std::vector<std::string> silenced_by = {};
};

struct Advanced {
  std::vector<Effect> effects;
  std::vector<TimelineEvent> news;  // New events of the timeline.
  bool changed = false;             // The incident's record changed: write it.
  bool renewed = false;  // Only expiries of its overrides changed: show it, no need to write.
  Time wake_at;          // Advance again then at the latest.
};

// A new incident with its first alert.
Incident OpenIncident(const Labels& target, const AlertRecord& alert, Time now);

// Advances one incident: handles the stimulus, then raises events as long as any is due. Pure. A
// stimulus that no longer concerns the incident changes nothing.
Advanced Advance(Incident& incident, Watch& watch, const Stimulus& stimulus,
                 const Surroundings& around, Time now);

}  // namespace promheal::healing
