#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/io/clock.h"
#include "webhook/core/override/action.h"
#include "webhook/executors/engine/engine_session.h"
#include "webhook/executors/executor.h"
#include "webhook/executors/swarm/swarm_options.h"
#include "webhook/executors/swarm/swarm_service.h"

namespace promheal::healing {

// The specification to write for a service; nullopt: nothing to write; an error: leave it alone.
using SwarmChange = std::function<Result<std::optional<std::string>>(const SwarmService&)>;

// Shared by the executors of a Swarm: the manager that they ask.
struct SwarmManager {
  SwarmOptions options;
  std::unique_ptr<EngineApi> api;
  const Clock& clock;

  EngineSession Session(Duration deadline) const;
  // The service of an action, or of that name. kPermissionDenied without the opt-in label.
  Result<SwarmService> Find(EngineSession& session, const Action& action) const;
  Result<SwarmService> Permitted(EngineSession& session, const std::string& name) const;
  // All services with the opt-in label.
  Result<std::vector<SwarmService>> AllPermitted(EngineSession& session) const;

  // Reads the service, lets `change` decide, and writes. The manager refuses if another writer was
  // faster; then Change reads and decides again, a few times.
  Status Change(EngineSession& session, const std::string& name, const SwarmChange& change) const;

  Status Check(const Action& action) const;
  // "Docker 20.10.24, API 1.41, at /var/run/docker.sock; manages a Swarm, where 2 services have
  // promheal.enable=true".
  Result<std::string> Probe(Duration deadline) const;
};

// The executor for the configured operation.
std::unique_ptr<Executor> MakeSwarmExecutor(SwarmOptions options, const Clock& clock);
std::unique_ptr<Executor> MakeSwarmExecutor(SwarmManager manager);

}  // namespace promheal::healing
