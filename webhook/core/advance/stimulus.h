#pragma once

#include <string>
#include <variant>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/advance/effect.h"
#include "webhook/core/evidence.h"
#include "webhook/core/override/action.h"
#include "webhook/core/override/override.h"

namespace promheal::healing {

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

}  // namespace promheal::healing
