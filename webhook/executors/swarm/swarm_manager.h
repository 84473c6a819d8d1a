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

// What a service is to be, as a specification; nothing: it is so already. An error: leave it alone.
using SwarmChange = std::function<Result<std::optional<std::string>>(const SwarmService&)>;

// What the executors of a Swarm share: the manager that they ask.
struct SwarmManager {
  SwarmOptions options;
  std::unique_ptr<EngineApi> api;
  const Clock& clock;

  EngineSession Session(Duration deadline) const;
  // The service that an action is about, or of that name, as long as it has the opt-in label.
  Result<SwarmService> Find(EngineSession& session, const Action& action) const;
  Result<SwarmService> Permitted(EngineSession& session, const std::string& name) const;
  // All that have the opt-in label.
  Result<std::vector<SwarmService>> AllPermitted(EngineSession& session) const;

  // Reads the service, lets `change` decide, and writes. A manager takes it only where nobody was
  // faster; then it is read and decided again, a few times.
  Status Change(EngineSession& session, const std::string& name, const SwarmChange& change) const;

  Status Check(const Action& action) const;
  // "Docker 20.10.24, API 1.41, at /var/run/docker.sock; manages a Swarm, where 2 services have
  // promheal.enable=true".
  Result<std::string> Probe(Duration deadline) const;
};

// An executor for what the options say.
std::unique_ptr<Executor> MakeSwarmExecutor(SwarmOptions options, const Clock& clock);
std::unique_ptr<Executor> MakeSwarmExecutor(SwarmManager manager);

}  // namespace promheal::healing
