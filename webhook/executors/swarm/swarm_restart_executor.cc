#include "webhook/executors/swarm/swarm_restart_executor.h"

#include <fmt/core.h>

namespace promheal::healing {
namespace {

constexpr Duration kObserving = std::chrono::seconds(10);

// Why there are no tasks to replace; "" if there are some.
std::string WhyNothingToRestart(const SwarmService& service) {
  if (service.replicas && *service.replicas == 0) return "has no replicas";
  return service.replicas || service.mode == "Global" ? "" : "is a job";
}

// Waits until the update has completed or failed.
Receipt AwaitUpdate(EngineSession& session, const std::string& name) {
  while (true) {
    const Result<SwarmService> now = ReadService(session, name);
    if (!now) {
      return {ActionResult::kUnknown,
              fmt::format("{}: its state cannot be read: {}", name, now.error().message)};
    }
    if (now->update_state == "completed") return {ActionResult::kDone, name + ": restarted"};
    if (!now->update_state.empty() && now->update_state != "updating") {
      return {ActionResult::kFailed,
              fmt::format("{}: {}: {}", name, now->update_state, now->update_message)};
    }
    if (!session.WaitABit()) {
      return {ActionResult::kDone, name + ": its tasks are still being replaced"};
    }
  }
}

}  // namespace

std::string SwarmRestartExecutor::description() const {
  return "swarm: " + ToString(manager_.options);
}

Receipt SwarmRestartExecutor::Execute(const Action& action, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const Result<SwarmService> found = Find(session, action);
  if (!found) return {ActionResult::kFailed, found.error().message};
  const Status set = manager_.Change(
      session, found->name, [&](const SwarmService& service) -> Result<std::optional<std::string>> {
        if (RestartedBy(service) == action.id)
          return std::nullopt;  // Done before; the answer was lost.
        return SpecRestarted(service, action.id);
      });
  if (set) return AwaitUpdate(session, found->name);
  return {ResultOf(set.error()), fmt::format("{}: {}", found->name, set.error().message)};
}

ObservationReport SwarmRestartExecutor::Observe(const Action& action) {
  EngineSession session = manager_.Session(kObserving);
  const Result<SwarmService> service = Find(session, action);
  if (!service) return {Observation::kUnknown, service.error().message};
  if (RestartedBy(*service) == action.id) {
    return {Observation::kHappened, service->name + " was restarted for this intent"};
  }
  return {Observation::kNotHappened, service->name + " was not restarted for this intent"};
}

Result<std::string> SwarmRestartExecutor::Rehearse(const Action& action, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const Result<SwarmService> service = Find(session, action);
  if (!service) return tl::make_unexpected(service.error());
  return fmt::format("would restart service {}, which has {}", service->name,
                     service->replicas ? ToString(ReplicasOf(*service)) : "a task on each node");
}

Result<SwarmService> SwarmRestartExecutor::Find(EngineSession& session,
                                                const Action& action) const {
  Result<SwarmService> service = manager_.Find(session, action);
  if (!service) return service;
  const std::string why = WhyNothingToRestart(*service);
  if (why.empty()) return service;
  return Fail(ErrorCode::kFailedPrecondition,
              fmt::format("nothing to restart: service {} {}", service->name, why));
}

}  // namespace promheal::healing
