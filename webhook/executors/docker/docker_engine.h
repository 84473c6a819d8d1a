#pragma once

#include <memory>

#include "common/io/clock.h"
#include "webhook/core/override/action.h"
#include "webhook/executors/docker/docker_options.h"
#include "webhook/executors/docker/gateway_membership.h"
#include "webhook/executors/engine/container.h"
#include "webhook/executors/engine/engine_session.h"
#include "webhook/executors/executor.h"

namespace promheal::healing {

// Shared by the executors of an engine: its connection, its options and its gateways.
struct DockerEngine {
  DockerOptions options;
  std::unique_ptr<EngineApi> api;
  GatewayMembership gateways;
  const Clock& clock;

  EngineSession Session(Duration deadline) const;
  // The containers that match an action. The error names the engine.
  Result<std::vector<Container>> Matching(EngineSession& session, const Action& action) const;
  // A container that was chosen before, by its name. kPermissionDenied without the opt-in label.
  Result<Container> Permitted(EngineSession& session, const std::string& name) const;
  Status Check(const Action& action) const;
  // The time for a container to end by itself: it leaves time for the steps after it.
  Duration Grace(Duration deadline) const;
};

// Removes the container from the gateways, stops it, removes it. kNotFound if it is gone.
Status LeaveGatewaysAndRemove(const DockerEngine& engine, EngineSession& session,
                              const Container& container, const std::string& backend,
                              Duration deadline);

// The same for a container that no gateway has.
Status StopAndRemove(const DockerEngine& engine, EngineSession& session,
                     const Container& container);

// Waits until the container runs and is healthy, if it has a health check; or until it failed.
Receipt AwaitUp(EngineSession& session, const Container& container);

// "Docker 20.10.24, API 1.41, at /var/run/docker.sock; 3 containers have promheal.enable=true".
Result<std::string> ProbeEngine(const DockerEngine& engine, Duration deadline);

// The executor for the configured operation: DockerExecutor or DockerOverrideExecutor.
std::unique_ptr<Executor> MakeDockerExecutor(DockerOptions options, const Clock& clock);
std::unique_ptr<Executor> MakeDockerExecutor(std::unique_ptr<DockerEngine> engine);

}  // namespace promheal::healing
