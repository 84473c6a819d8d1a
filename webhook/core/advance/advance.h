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

// What happens to an incident from outside.
struct AlertsJoined {  // Each fires for the first time, or again.
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
  Result<Override> held;  // An error: nothing was changed.
};
struct OverrideReported {
  OverrideOperation operation = OverrideOperation::kApply;
  std::string attempt_id;
  OverrideReport report;
};
struct OverridesReleased {  // A person wants nothing held in force any more.
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

// What is to be done about it: the calls run after the incident and the ledger entries among them
// are durable.
struct ExecuteAction {
  Action action;
  Duration deadline;
};
struct ObserveAction {
  Action action;
};
struct GatherEvidence {
  std::string verification;  // See VerificationName.
  Labels labels;             // Values for the places in its queries.
  std::vector<Condition> conditions;
  bool urgent = false;                       // An action is in flight until it is answered.
  std::vector<RungQuestion> questions = {};  // What else is to be answered with it.
};
struct PrepareOverride {
  Action action;
  Duration deadline;
};
struct OperateOverride {
  OverrideOperation operation = OverrideOperation::kApply;
  std::string attempt_id;
  std::string action;
  Override held;  // As the incident's record has it, but for when it expires.
  Duration deadline;
};
struct StartCooldown {
  std::string action;
  std::string attempt_id;
  Time at;
  Time not_before;
};
struct VoidCooldown {  // The attempt that started it never happened.
  std::string action;
  std::string attempt_id;
};
struct FreezeTarget {
  Time until;
  std::string reason;
};
using Effect = std::variant<ExecuteAction, ObserveAction, GatherEvidence, PrepareOverride,
                            OperateOverride, StartCooldown, VoidCooldown, FreezeTarget>;

// The same override at another percentage. Pure; the executor of the action knows how to say it.
using AtPercent =
    std::function<Result<Override>(const std::string& action, const Override& held, int percent)>;

// What is around an incident when it takes a step.
struct Surroundings {
  const PolicySet& policies;
  const std::vector<const AlertRecord*>& alerts;  // Of this incident.
  const LedgerView& ledger;
  const BudgetUse& budget;  // Without this incident's own action.
  const Feasibility& infeasible;
  const AtPercent& at_percent;
  // An instance of this target that is being healed for something at least as serious; or "".
  std::string busy_instance;
  // Ids of the sender's silences that together cover all its alerts that fire; none: not silenced.
  std::vector<std::string> silenced_by = {};
};

struct Advanced {
  std::vector<Effect> effects;
  std::vector<TimelineEvent> news;  // What the timeline got.
  bool changed = false;             // The incident's record, so that it must be written.
  bool renewed = false;             // Only when its overrides expire: worth showing, not writing.
  Time wake_at;                     // Advance again then, should nothing happen before.
};

// An incident with its first alert.
Incident OpenIncident(const Labels& target, const AlertRecord& alert, Time now);

// One step of one incident: takes in the stimulus, then raises every event that is due, until
// nothing is. Pure. Stimuli that no longer concern the incident change nothing.
Advanced Advance(Incident& incident, Watch& watch, const Stimulus& stimulus,
                 const Surroundings& around, Time now);

}  // namespace promheal::healing
