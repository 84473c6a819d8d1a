#pragma once

#include <optional>
#include <string>
#include <utility>

#include "webhook/core/override/override_plan.h"
#include "webhook/executors/override_executor.h"
#include "webhook/executors/swarm/swarm_manager.h"

namespace promheal::healing {

// scale_out and scale_in of a service of a Swarm: one replica more or fewer, until undone. The
// place of the override is the service, and its value is the number of replicas with the intent
// that set it (see Replicas). Nothing expires by itself.
class SwarmScaleExecutor final : public OverrideExecutor {
 public:
  explicit SwarmScaleExecutor(SwarmManager manager)
      : OverrideExecutor(manager.clock), manager_(std::move(manager)) {}

  std::string description() const override;
  Status Check(const Action& action) const override { return manager_.Check(action); }
  ObservationReport Observe(const Action& action) override;
  Result<std::string> Probe(Duration deadline) override { return manager_.Probe(deadline); }

  OverrideTraits traits() const override;
  Result<Override> Prepare(const Action& action, Duration deadline) override;
  // Done as soon as the number of tasks agrees.
  OverrideReport Apply(const Override& held, Duration deadline) override;
  OverrideReport Undo(const Override& held, Duration deadline) override;
  OverrideReport Inspect(const Override& held, Duration deadline) override;
  OverridesInForce ReadState(Duration deadline) override;

 protected:
  // A number of replicas that the tasks do not reach is taken back.
  std::optional<Duration> TimeToUndoFailure(Duration deadline) const override;

 private:
  using Planner = ChangePlan (*)(const OverrideChange&, const Result<PlaceReading>&, Time);
  struct Written {
    std::optional<std::string> value;  // nullopt: nothing was written.
    ChangeReport report;
  };

  Written Write(EngineSession& session, const OverrideChange& change, Planner make_plan) const;
  // One replica more or fewer than `now`; kFailedPrecondition beyond `most` or `least`.
  Result<Replicas> Next(const Replicas& now, const std::string& intent) const;
  Receipt AwaitTasks(EngineSession& session, const std::string& name, int64_t number) const;

  const SwarmManager manager_;
};

}  // namespace promheal::healing
