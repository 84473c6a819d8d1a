#include "webhook/executors/docker/docker_executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "webhook/executors/change_reports.h"
#include "webhook/executors/docker/container_choice.h"

namespace promheal::healing {
namespace {

constexpr Duration kObserving = std::chrono::seconds(10);

Receipt Failure(const std::string& name, const Error& error) {
  return {ResultOf(error), fmt::format("{}: {}", name, error.message)};
}

// Judges by the last start of the container, or by its state.
Observation ObserveContainer(DockerOperation operation, const Container& container,
                             Time intended_at) {
  switch (operation) {
    case DockerOperation::kUnpause:
      return container.status == "paused" ? Observation::kNotHappened : Observation::kHappened;
    case DockerOperation::kStart:
      if (Runs(container)) return Observation::kHappened;
      [[fallthrough]];
    default:
      return container.started_at && *container.started_at >= intended_at
                 ? Observation::kHappened
                 : Observation::kNotHappened;
  }
}

std::string StateOf(const Container& container) {
  return fmt::format("{} is {}{}", container.name, container.status,
                     container.started_at ? " since " + FormatRfc3339(*container.started_at) : "");
}

}  // namespace

std::string DockerExecutor::description() const { return "docker: " + ToString(engine_->options); }

Receipt DockerExecutor::Execute(const Action& action, Duration deadline) {
  EngineSession session = engine_->Session(deadline);
  const Result<std::vector<Container>> chosen = Choose(session, action);
  if (!chosen) return {ActionResult::kFailed, chosen.error().message};
  Receipt all{ActionResult::kDone, ""};
  for (const Container& container : *chosen) {
    const Receipt receipt = CarryOut(session, action, container);
    all.result = WorseOf(all.result, receipt.result);
    all.detail += (all.detail.empty() ? "" : "; ") + receipt.detail;
    if (all.result != ActionResult::kDone) break;
  }
  return all;
}

ObservationReport DockerExecutor::Observe(const Action& action) {
  EngineSession session = engine_->Session(kObserving);
  const DockerOptions& options = engine_->options;
  if (options.operation == DockerOperation::kScaleIn) {
    const Result<LabelSelection> selection = Select(options, action.labels);
    if (!selection) return {Observation::kUnknown, selection.error().message};
    const Result<bool> removed = session.RemovedSince(*selection, action.intended_at);
    if (!removed) return {Observation::kUnknown, removed.error().message};
    // The engine forgets old events, and all of them when it is restarted.
    if (!*removed) return {Observation::kUnknown, "the engine remembers no removal since"};
    return {Observation::kHappened, "a container was removed since"};
  }
  const Result<std::vector<Container>> matching = engine_->Matching(session, action);
  if (!matching) return {Observation::kUnknown, matching.error().message};
  if (matching->empty()) return {Observation::kUnknown, "no container has these labels now"};
  ObservationReport report{Observation::kNotHappened, ""};
  for (const Container& container : *matching) {
    if (ObserveContainer(options.operation, container, action.intended_at) ==
        Observation::kHappened) {
      return {Observation::kHappened, StateOf(container)};
    }
    report.detail += (report.detail.empty() ? "" : "; ") + StateOf(container);
  }
  return report;
}

std::string_view DockerExecutor::not_undone() const {
  return InfoOf(engine_->options.operation).not_undone;
}

Result<std::string> DockerExecutor::Rehearse(const Action& action, Duration deadline) {
  EngineSession session = engine_->Session(deadline);
  const Result<std::vector<Container>> chosen = Choose(session, action);
  if (!chosen) return tl::make_unexpected(chosen.error());
  std::string text;
  for (const Container& container : *chosen) {
    text += fmt::format("{}would {} {}, which is {}", text.empty() ? "" : "; ",
                        InfoOf(engine_->options.operation).name, container.name,
                        container.health.empty() ? container.status
                                                 : container.status + " and " + container.health);
  }
  return text;
}

Result<std::string> DockerExecutor::Probe(Duration deadline) {
  return ProbeEngine(*engine_, deadline);
}

Result<std::vector<Container>> DockerExecutor::Choose(EngineSession& session,
                                                      const Action& action) const {
  Result<std::vector<Container>> matching = engine_->Matching(session, action);
  if (!matching) return matching;
  if (engine_->options.operation != DockerOperation::kScaleIn) {
    return ChooseContainers(engine_->options, std::move(*matching));
  }
  const Result<Container> surplus = ChooseSurplus(*matching);
  if (!surplus) return tl::make_unexpected(surplus.error());
  return std::vector<Container>{*surplus};
}

Receipt DockerExecutor::CarryOut(EngineSession& session, const Action& action,
                                 const Container& container) {
  switch (engine_->options.operation) {
    case DockerOperation::kRestart:
      return Restart(session, container);
    case DockerOperation::kStart:
      if (auto status = session.Start(container.id); !status) {
        return Failure(container.name, status.error());
      }
      return AwaitUp(session, container);
    case DockerOperation::kUnpause:
      if (auto status = session.Unpause(container.id); !status) {
        return Failure(container.name, status.error());
      }
      return {ActionResult::kDone, container.name + ": paused -> running"};
    default:
      break;
  }
  const Result<std::string> backend =
      engine_->gateways.empty() ? "" : engine_->gateways.BackendOf(action.labels);
  if (!backend) return Failure(container.name, backend.error());
  const Status removed =
      LeaveGatewaysAndRemove(*engine_, session, container, *backend, session.TimeLeft());
  if (!removed) return Failure(container.name, removed.error());
  return {ActionResult::kDone, container.name + ": removed"};
}

Receipt DockerExecutor::Restart(EngineSession& session, const Container& container) {
  const Duration grace = engine_->Grace(session.TimeLeft());
  if (auto status = session.Restart(container.id, grace); !status) {
    return Failure(container.name, status.error());
  }
  Receipt up = AwaitUp(session, container);
  up.detail = fmt::format("{} (was {})", up.detail,
                          container.health.empty() ? container.status : container.health);
  return up;
}

}  // namespace promheal::healing
