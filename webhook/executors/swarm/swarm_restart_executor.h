#pragma once

#include <memory>
#include <utility>

#include "webhook/executors/executor.h"
#include "webhook/executors/swarm/swarm_manager.h"

namespace promheal::healing {

// Restarts a service of a Swarm: a manager replaces its tasks, in the manner of its update_config.
// A label of the service names the intent, so that Observe always knows whether it took place.
class SwarmRestartExecutor final : public Executor {
 public:
  explicit SwarmRestartExecutor(SwarmManager manager) : manager_(std::move(manager)) {}

  std::string description() const override;
  Status Check(const Action& action) const override { return manager_.Check(action); }
  Receipt Execute(const Action& action, Duration deadline) override;
  ObservationReport Observe(const Action& action) override;
  Result<std::string> Rehearse(const Action& action, Duration deadline) override;
  Result<std::string> Probe(Duration deadline) override { return manager_.Probe(deadline); }

 private:
  Result<SwarmService> Find(EngineSession& session, const Action& action) const;

  const SwarmManager manager_;
};

}  // namespace promheal::healing
