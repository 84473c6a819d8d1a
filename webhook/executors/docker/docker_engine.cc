#include "webhook/executors/docker/docker_engine.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/executors/docker/docker_executor.h"
#include "webhook/executors/docker/docker_override_executor.h"

namespace promheal::healing {
EngineSession DockerEngine::Session(Duration deadline) const {
  return EngineSession(*api, clock,
                       {.end = clock.Monotonic() + deadline, .per_question = options.timeout});
}

Result<std::vector<Container>> DockerEngine::Matching(EngineSession& session,
                                                      const Action& action) const {
  const Result<LabelSelection> selection = Select(options, action.labels);
  if (!selection) return tl::make_unexpected(selection.error());
  Result<std::vector<Container>> containers = session.Containers(*selection);
  if (!containers) return WithEngineName(options, containers.error());
  return containers;
}

Result<Container> DockerEngine::Permitted(EngineSession& session, const std::string& name) const {
  Result<Container> container = session.Inspect(name);
  if (!container) return WithEngineName(options, container.error());
  if (container->Has(options.enable_label.first, options.enable_label.second)) return container;
  return Fail(ErrorCode::kPermissionDenied,
              fmt::format("refused: {} does not have the label {}={}", name,
                          options.enable_label.first, options.enable_label.second));
}

Status DockerEngine::Check(const Action& action) const {
  if (auto selection = Select(options, action.labels); !selection) {
    return tl::make_unexpected(selection.error());
  }
  if (gateways.empty()) return {};
  if (auto backend = gateways.BackendOf(action.labels); !backend) {
    return tl::make_unexpected(backend.error());
  }
  return {};
}

Duration DockerEngine::Grace(Duration deadline) const {
  return std::min(options.stop_grace, deadline / 2);
}

Status LeaveGatewaysAndRemove(const DockerEngine& engine, EngineSession& session,
                              const Container& container, const std::string& backend,
                              Duration deadline) {
  const Duration end = engine.clock.Monotonic() + deadline;
  if (!engine.gateways.empty()) {
    // HAProxy refuses to delete a server that still has connections; they end after a moment.
    Status left = engine.gateways.LeaveAll(backend, container.name, end);
    while (!left && session.TimeLeft() > deadline / 2 && session.WaitABit()) {
      left = engine.gateways.LeaveAll(backend, container.name, end);
    }
    if (!left) return left;
  }
  return StopAndRemove(engine, session, container);
}

Status StopAndRemove(const DockerEngine& engine, EngineSession& session,
                     const Container& container) {
  if (auto stopped = session.Stop(container.id, engine.Grace(session.TimeLeft())); !stopped) {
    return stopped;
  }
  return session.Remove(container.id);
}

Receipt AwaitUp(EngineSession& session, const Container& container) {
  while (true) {
    const Result<Container> now = session.Inspect(container.id);
    if (!now) {
      return {ActionResult::kUnknown,
              fmt::format("{}: its state cannot be read: {}", container.name, now.error().message)};
    }
    if (!Runs(*now)) {
      return {ActionResult::kFailed, fmt::format("{}: {} again, exit code {}", container.name,
                                                 now->status, now->exit_code)};
    }
    if (now->health.empty()) return {ActionResult::kDone, container.name + ": runs"};
    if (now->health == "healthy") return {ActionResult::kDone, container.name + ": healthy"};
    if (now->health == "unhealthy") {
      return {ActionResult::kFailed, container.name + ": runs, but its health check fails"};
    }
    if (!session.WaitABit()) {
      return {ActionResult::kDone, container.name + ": runs, its health is not known yet"};
    }
  }
}

Result<std::string> ProbeEngine(const DockerEngine& engine, Duration deadline) {
  const DockerOptions& options = engine.options;
  const Result<std::string> answers = DescribeEngine(*engine.api, options, deadline);
  if (!answers) return answers;
  EngineSession session = engine.Session(deadline);
  const Result<std::vector<Container>> permitted = session.Containers({options.enable_label});
  if (!permitted) return WithEngineName(options, permitted.error());
  return fmt::format("{}; {} containers have {}={}", *answers, permitted->size(),
                     options.enable_label.first, options.enable_label.second);
}

std::unique_ptr<Executor> MakeDockerExecutor(std::unique_ptr<DockerEngine> engine) {
  if (InfoOf(engine->options.operation).stays) {
    return std::make_unique<DockerOverrideExecutor>(std::move(engine));
  }
  return std::make_unique<DockerExecutor>(std::move(engine));
}

std::unique_ptr<Executor> MakeDockerExecutor(DockerOptions options, const Clock& clock) {
  std::vector<Gateway> gateways;
  for (const std::string& socket : options.gateway.sockets) {
    gateways.push_back(
        {socket, std::make_unique<RuntimeClient>(RuntimeClientOptions{.socket = socket}, clock)});
  }
  auto api = std::make_unique<HttpEngine>(options.socket, clock);
  GatewayMembership membership(options.gateway, std::move(gateways), clock);
  return MakeDockerExecutor(std::make_unique<DockerEngine>(
      DockerEngine{std::move(options), std::move(api), std::move(membership), clock}));
}

}  // namespace promheal::healing
