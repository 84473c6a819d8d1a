#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "webhook/executors/docker/container_place.h"
#include "webhook/executors/docker/docker_engine.h"
#include "webhook/executors/override_executor.h"

namespace promheal::healing {

// What stays in force in an engine until it is taken back: pause, stop, limit, scale_out. One
// change for each container; of scale_out one for the new container, then one for each HAProxy that
// it is made known to. Applied in this order, undone in the other. Nothing expires by itself.
class DockerOverrideExecutor final : public OverrideExecutor {
 public:
  explicit DockerOverrideExecutor(std::unique_ptr<DockerEngine> engine)
      : OverrideExecutor(engine->clock), engine_(std::move(engine)) {}

  std::string description() const override;
  Status Check(const Action& action) const override { return engine_->Check(action); }
  ObservationReport Observe(const Action& action) override;
  Result<std::string> Probe(Duration deadline) override { return ProbeEngine(*engine_, deadline); }

  OverrideTraits traits() const override;
  Result<Override> Prepare(const Action& action, Duration deadline) override;
  OverrideReport Apply(const Override& held, Duration deadline) override;
  OverrideReport Undo(const Override& held, Duration deadline) override;
  OverrideReport Inspect(const Override& held, Duration deadline) override;
  // Of stop and limit nobody can tell what was configured: nothing.
  OverridesInForce ReadState(Duration deadline) override;

 protected:
  // A new container is removed if it does not run, or if a gateway cannot be told of it.
  std::optional<Duration> TimeToUndoFailure(Duration deadline) const override;

 private:
  Result<std::vector<OverrideChange>> PlanContainers(EngineSession& session,
                                                     const Action& action) const;
  Result<std::vector<OverrideChange>> PlanOneMore(EngineSession& session,
                                                  const Action& action) const;
  ChangeReport ApplyOne(EngineSession& session, const OverrideChange& change);
  ChangeReport UndoOne(EngineSession& session, const OverrideChange& change);
  ChangeReport CarryOut(EngineSession& session, const OverrideChange& change,
                        const ChangePlan& plan, const std::optional<Container>& container);
  ChangeReport JoinGateway(EngineSession& session, const Override& held,
                           const OverrideChange& change);
  ChangeReport LeaveGateway(EngineSession& session, const OverrideChange& change);

  const std::unique_ptr<DockerEngine> engine_;
};

}  // namespace promheal::healing
