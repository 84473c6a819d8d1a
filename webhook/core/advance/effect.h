#pragma once

#include <string>
#include <variant>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "webhook/core/evidence.h"
#include "webhook/core/override/action.h"
#include "webhook/core/override/override.h"

namespace promheal::healing {

// A call to the keepers of an override that has been prepared.
enum class OverrideOperation {
  kApply,    // Puts it in force, or renews it.
  kUndo,     // Restores the earlier values, if ours are still there.
  kInspect,  // Only reads.
};

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

}  // namespace promheal::healing
