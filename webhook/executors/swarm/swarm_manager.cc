#include "webhook/executors/swarm/swarm_manager.h"

#include <fmt/core.h>

#include "webhook/executors/swarm/swarm_restart_executor.h"
#include "webhook/executors/swarm/swarm_scale_executor.h"

namespace promheal::healing {
namespace {

constexpr int kMostTries = 5;

}  // namespace

EngineSession SwarmManager::Session(Duration deadline) const {
  return EngineSession(*api, clock,
                       {.end = clock.Monotonic() + deadline, .per_question = options.timeout});
}

Result<SwarmService> SwarmManager::Find(EngineSession& session, const Action& action) const {
  const Result<std::string> name = ServiceName(options, action.labels);
  if (!name) return tl::make_unexpected(name.error());
  return Permitted(session, *name);
}

Result<SwarmService> SwarmManager::Permitted(EngineSession& session,
                                             const std::string& name) const {
  if (auto status = CheckServiceName(name); !status) return tl::make_unexpected(status.error());
  Result<SwarmService> service = ReadService(session, name);
  if (!service) return WithEngineName(options, service.error());
  const auto& [label, value] = options.enable_label;
  if (service->Label(label) == value) return service;
  return Fail(ErrorCode::kPermissionDenied,
              fmt::format("refused: service {} does not have the label {}={}", name, label, value));
}

Result<std::vector<SwarmService>> SwarmManager::AllPermitted(EngineSession& session) const {
  auto services = ReadServices(session, {options.enable_label});
  if (!services) return WithEngineName(options, services.error());
  return services;
}

Status SwarmManager::Change(EngineSession& session, const std::string& name,
                            const SwarmChange& change) const {
  for (int tries = 1;; ++tries) {
    const Result<SwarmService> service = Permitted(session, name);
    if (!service) return tl::make_unexpected(service.error());
    const Result<std::optional<std::string>> spec = change(*service);
    if (!spec) return tl::make_unexpected(spec.error());
    if (!*spec) return {};
    const Status written = WriteService(session, *service, **spec);
    const bool lost = !written && written.error().code == ErrorCode::kFailedPrecondition;
    if (!lost || tries == kMostTries) return written;
  }
}

Status SwarmManager::Check(const Action& action) const {
  const Result<std::string> name = ServiceName(options, action.labels);
  if (!name) return tl::make_unexpected(name.error());
  return {};
}

Result<std::string> SwarmManager::Probe(Duration deadline) const {
  const Result<std::string> answers = DescribeEngine(*api, options, deadline);
  if (!answers) return answers;
  EngineSession session = Session(deadline);
  const auto services = AllPermitted(session);
  if (!services) return tl::make_unexpected(services.error());
  return fmt::format("{}; manages a Swarm, where {} services have {}={}", *answers,
                     services->size(), options.enable_label.first, options.enable_label.second);
}

std::unique_ptr<Executor> MakeSwarmExecutor(SwarmManager manager) {
  if (InfoOf(manager.options.operation).stays) {
    return std::make_unique<SwarmScaleExecutor>(std::move(manager));
  }
  return std::make_unique<SwarmRestartExecutor>(std::move(manager));
}

std::unique_ptr<Executor> MakeSwarmExecutor(SwarmOptions options, const Clock& clock) {
  auto api = std::make_unique<HttpEngine>(options.socket, clock);
  return MakeSwarmExecutor(SwarmManager{std::move(options), std::move(api), clock});
}

}  // namespace promheal::healing
