#pragma once

#include <string>
#include <variant>

#include "webhook/config.h"
#include "webhook/core/advance.h"

namespace promheal::healing {

// What takes its time and so runs off the worker.
using Call =
    std::variant<ExecuteAction, ObserveAction, GatherEvidence, PrepareOverride, StepOverride>;

struct CallRequest {
  std::string incident_key;  // Where the answer belongs,
  std::string incident_id;   // as long as it is still this incident.
  ConfigSnapshot config;     // Whose executors and Prometheus are called.
  Call call;
};

struct CallAnswer {
  std::string incident_key;
  std::string incident_id;
  Stimulus stimulus;
};

// Starts calls; each has exactly one answer, later, unless the program ends. Start never blocks.
class Calls {
 public:
  virtual ~Calls() = default;
  virtual void Start(CallRequest request) = 0;
};

}  // namespace promheal::healing
