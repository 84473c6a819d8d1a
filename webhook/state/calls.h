#pragma once

#include <optional>
#include <string>
#include <variant>

#include "webhook/config/config.h"
#include "webhook/core/advance/advance.h"

namespace promheal::healing {

// Asks what is in force of what the action does, whoever did it.
struct ReadOverrides {
  std::string action;
  Duration deadline;
};

// What takes its time and so runs off the worker.
using Call = std::variant<ExecuteAction, ObserveAction, GatherEvidence, PrepareOverride,
                          OperateOverride, ReadOverrides>;

struct CallRequest {
  std::string incident_key;  // Where the answer belongs,
  std::string incident_id;   // as long as it is still this incident.
  ConfigSnapshot config;     // Whose executors and Prometheus are called.
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
  std::optional<OverridesRead> read;  // To ReadOverrides, which concerns no incident.
};

// Starts calls; each has exactly one answer, later, unless the program ends. Start never blocks.
class Calls {
 public:
  virtual ~Calls() = default;
  virtual void Start(CallRequest request) = 0;
};

}  // namespace promheal::healing
