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

// What the executors of an engine share: whom they ask, and how a call's outcome reads.
struct DockerEngine {
  DockerOptions options;
  std::unique_ptr<EngineApi> api;
  GatewayMembership gateways;
  const Clock& clock;

  EngineSession Session(Duration deadline) const;
  // The containers that an action is about. The error names the engine.
  Result<std::vector<Container>> Matching(EngineSession& session, const Action& action) const;
  // The same, by names that were chosen before; only with the opt-in label.
  Result<Container> Permitted(EngineSession& session, const std::string& name) const;
  Status Check(const Action& action) const;
  // How long a container has to end by itself: it leaves time for what comes after.
  Duration Grace(Duration deadline) const;
};

// Out of the gateways, stopped, removed. kNotFound where it is gone.
Status TakeOutAndRemove(const DockerEngine& engine, EngineSession& session,
                        const Container& container, const std::string& backend, Duration deadline);

// The same for one that no gateway knows.
Status StopAndRemove(const DockerEngine& engine, EngineSession& session,
                     const Container& container);

// Waits until the container runs and, where it has a health check, is healthy; or is not going to
// be.
Receipt AwaitUp(EngineSession& session, const Container& container);

// "Docker 20.10.24, API 1.41, at /var/run/docker.sock; 3 containers have promheal.enable=true".
Result<std::string> ProbeEngine(const DockerEngine& engine, Duration deadline);

// An executor for what the options say; one of the two kinds.
std::unique_ptr<Executor> MakeDockerExecutor(DockerOptions options, const Clock& clock);
std::unique_ptr<Executor> MakeDockerExecutor(std::unique_ptr<DockerEngine> engine);

}  // namespace promheal::healing
