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

// Operations that stay in force in an engine until undone: pause, stop, limit, scale_out. One
// change for each container. scale_out has one change for the new container, then one for each
// HAProxy that gets it as a server. Changes are applied in this order and undone in the opposite
// one. None expires by itself.
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
  // Reports only pauses and copies: the engine does not know the changes by `stop` and `limit`.
  OverridesInForce ReadState(Duration deadline) override;

 protected:
  // A new container is removed if it does not run, or if a gateway cannot be told of it.
  std::optional<Duration> TimeToUndoFailure(Duration deadline) const override;

 private:
  Result<std::vector<OverrideChange>> PlanContainers(EngineSession& session,
                                                     const Action& action) const;
  Result<std::vector<OverrideChange>> PlanNewContainer(EngineSession& session,
                                                       const Action& action) const;
  ChangeReport ApplyToContainer(EngineSession& session, const OverrideChange& change);
  ChangeReport UndoOnContainer(EngineSession& session, const OverrideChange& change);
  ChangeReport CarryOut(EngineSession& session, const OverrideChange& change,
                        const ChangePlan& plan, const std::optional<Container>& container);
  ChangeReport JoinGateway(EngineSession& session, const Override& held,
                           const OverrideChange& change);
  ChangeReport LeaveGateway(EngineSession& session, const OverrideChange& change);

  const std::unique_ptr<DockerEngine> engine_;
};

}  // namespace promheal::healing
