#pragma once

#include <optional>
#include <string>
#include <variant>

#include "webhook/config/config.h"
#include "webhook/core/advance/advance.h"

namespace promheal::healing {

// Asks the action's keepers for all overrides in force, also those of other writers.
struct ReadOverrides {
  std::string action;
  Duration deadline;
};

// Slow work that runs on other threads than the worker.
using Call = std::variant<ExecuteAction, ObserveAction, GatherEvidence, PrepareOverride,
                          OperateOverride, ReadOverrides>;

struct CallRequest {
  std::string incident_key;  // The incident that the answer is for,
  std::string incident_id;   // if it is still the same one.
  ConfigSnapshot config;     // Has the executors and the Prometheus to call.
  Call call;
};

struct OverridesRead {
  std::string action;
  OverridesInForce state;
};

struct CallAnswer {
  std::string incident_key;
  std::string incident_id;
  Stimulus stimulus;
  std::optional<OverridesRead> read;  // The answer to ReadOverrides, which concerns no incident.
};

// Starts calls. Each gets exactly one answer later, unless the program ends. Start never blocks.
class Calls {
 public:
  virtual ~Calls() = default;
  virtual void Start(CallRequest request) = 0;
};

}  // namespace promheal::healing
