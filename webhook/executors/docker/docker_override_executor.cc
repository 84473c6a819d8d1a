#include "webhook/executors/docker/docker_override_executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "webhook/executors/change_reports.h"
#include "webhook/executors/docker/container_choice.h"
#include "webhook/executors/docker/container_limits.h"

namespace promheal::healing {
namespace {

constexpr Duration kObserving = std::chrono::seconds(10);

ChangeReport NotReached(const OverrideChange& change) {
  return {.result = ActionResult::kFailed, .text = "not reached", .now = change};
}

}  // namespace

std::string DockerOverrideExecutor::description() const {
  return "docker: " + ToString(engine_->options);
}

std::optional<Duration> DockerOverrideExecutor::TimeToUndoFailure(Duration) const {
  if (engine_->options.operation != DockerOperation::kScaleOut) return std::nullopt;
  return Duration(0);
}

ObservationReport DockerOverrideExecutor::Observe(const Action& action) {
  EngineSession session = engine_->Session(kObserving);
  const DockerOptions& options = engine_->options;
  const Result<std::vector<Container>> matching = engine_->Matching(session, action);
  if (!matching) return {Observation::kUnknown, matching.error().message};
  const bool copies = options.operation == DockerOperation::kScaleOut;
  const std::string wanted = copies                                         ? action.id
                             : options.operation == DockerOperation::kLimit ? WantedLimits(options)
                             : options.operation == DockerOperation::kPause ? "paused"
                                                                            : "stopped";
  for (const Container& container : *matching) {
    const std::string value = PlaceValue(options.operation, container, wanted);
    // A container that ended before the intent was not stopped by it.
    const bool since = options.operation != DockerOperation::kStop ||
                       (container.finished_at && *container.finished_at >= action.intended_at);
    if (value == wanted && since && (!copies || Runs(container))) {
      return {Observation::kHappened, fmt::format("{} is {}", container.name, value)};
    }
  }
  return {Observation::kNotHappened,
          copies ? "the container of this intent does not run" : "no container is " + wanted};
}

OverrideTraits DockerOverrideExecutor::traits() const {
  const DockerOperation operation = engine_->options.operation;
  const bool takes_away =
      operation == DockerOperation::kStop || operation == DockerOperation::kPause;
  return {.shuts_down = takes_away && engine_->options.min_running == 0,
          .disruptiveness = DisruptivenessOf(DockerOperations(), operation),
          .executor = "docker"};
}

Result<Override> DockerOverrideExecutor::Prepare(const Action& action, Duration deadline) {
  EngineSession session = engine_->Session(deadline);
  auto changes = engine_->options.operation == DockerOperation::kScaleOut
                     ? PlanNewContainer(session, action)
                     : PlanContainers(session, action);
  if (!changes) return tl::make_unexpected(changes.error());
  return Override{.target = action.target, .percent = 100, .changes = std::move(*changes)};
}

Result<std::vector<OverrideChange>> DockerOverrideExecutor::PlanContainers(
    EngineSession& session, const Action& action) const {
  const DockerOptions& options = engine_->options;
  Result<std::vector<Container>> matching = engine_->Matching(session, action);
  if (!matching) return tl::make_unexpected(matching.error());
  const auto chosen = ChooseContainers(options, std::move(*matching));
  if (!chosen) return tl::make_unexpected(chosen.error());
  const std::string limits = WantedLimits(options);
  std::vector<OverrideChange> changes;
  for (const Container& container : *chosen) {
    OverrideChange change{.keeper = options.socket,
                          .subject = container.name,
                          .before = PlaceValue(options.operation, container, limits),
                          .after = "stopped"};
    if (options.operation == DockerOperation::kPause) change.after = "paused";
    if (options.operation == DockerOperation::kLimit) {
      change.after = limits;
      // Refuses limits that Docker could not remove again.
      const Result<std::string> body = UpdateBody(
          container, {.nano_cpus = options.nano_cpus, .memory_bytes = options.memory_bytes});
      if (!body) return tl::make_unexpected(body.error());
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

Result<std::vector<OverrideChange>> DockerOverrideExecutor::PlanNewContainer(
    EngineSession& session, const Action& action) const {
  const Result<std::vector<Container>> matching = engine_->Matching(session, action);
  if (!matching) return tl::make_unexpected(matching.error());
  const auto made = std::find_if(
      matching->begin(), matching->end(),
      [&](const Container& container) { return container.Label(kMadeByLabel) == action.id; });
  const bool again = made != matching->end();
  Result<CopyPlan> plan =
      again ? CopyPlan{.origin = *made, .name = made->name} : PlanCopy(engine_->options, *matching);
  if (!plan) return tl::make_unexpected(plan.error());
  std::vector<OverrideChange> changes = {{.keeper = engine_->options.socket,
                                          .subject = CopySubject(plan->name, plan->origin.name),
                                          .before = std::string(kNoOverride),
                                          .after = action.id}};
  if (engine_->gateways.empty()) return changes;
  const Result<std::string> backend = engine_->gateways.BackendOf(action.labels);
  if (!backend) return tl::make_unexpected(backend.error());
  auto joining = engine_->gateways.Plan(*backend, plan->name,
                                        engine_->clock.Monotonic() + session.TimeLeft(), again);
  if (!joining) return tl::make_unexpected(joining.error());
  std::move(joining->begin(), joining->end(), std::back_inserter(changes));
  return changes;
}

OverrideReport DockerOverrideExecutor::Apply(const Override& held, Duration deadline) {
  EngineSession session = engine_->Session(deadline);
  std::vector<ChangeReport> reports;
  bool failed = false;
  for (const OverrideChange& change : held.changes) {
    const bool in_gateway = engine_->gateways.Holds(change.keeper);
    // A server whose container failed would only lose requests.
    reports.push_back(failed && in_gateway ? NotReached(change)
                      : in_gateway         ? JoinGateway(session, held, change)
                                           : ApplyToContainer(session, change));
    failed = failed || reports.back().result != ActionResult::kDone;
  }
  return Together(held, reports);
}

OverrideReport DockerOverrideExecutor::Undo(const Override& held, Duration deadline) {
  EngineSession session = engine_->Session(deadline);
  std::vector<ChangeReport> reports(held.changes.size());
  bool still_served = false;
  for (size_t i = held.changes.size(); i-- > 0;) {
    const OverrideChange& change = held.changes[i];
    const bool in_gateway = engine_->gateways.Holds(change.keeper);
    // A container to which a gateway still sends requests goes on running.
    reports[i] = in_gateway     ? LeaveGateway(session, change)
                 : still_served ? NotReached(change)
                                : UndoOnContainer(session, change);
    still_served = still_served || (in_gateway && reports[i].result != ActionResult::kDone);
  }
  return Together(held, reports);
}

OverrideReport DockerOverrideExecutor::Inspect(const Override& held, Duration deadline) {
  EngineSession session = engine_->Session(deadline);
  std::vector<ChangeReport> reports;
  for (const OverrideChange& change : held.changes) {
    if (engine_->gateways.Holds(change.keeper)) {
      reports.push_back(
          engine_->gateways.Inspect(change, engine_->clock.Monotonic() + session.TimeLeft()));
      continue;
    }
    const PlaceLook look = LookAtPlace(*engine_, session, change);
    reports.push_back(InspectPlace(change, look.place, engine_->clock.Now()));
  }
  return Together(held, reports);
}

OverridesInForce DockerOverrideExecutor::ReadState(Duration deadline) {
  const DockerOptions& options = engine_->options;
  EngineSession session = engine_->Session(deadline);
  const Result<std::vector<Container>> permitted = session.Containers({options.enable_label});
  if (!permitted) {
    return {.overrides = {},
            .keepers = {{.keeper = options.socket, .run = "", .error = permitted.error()}}};
  }
  OverridesInForce state{.overrides = {},
                         .keepers = {{.keeper = options.socket, .run = "", .error = {}}}};
  for (const Container& container : *permitted) {
    OverrideChange change{.keeper = options.socket, .subject = container.name, .run = container.id};
    if (options.operation == DockerOperation::kPause && container.status == "paused") {
      change.before = "running";
      change.after = "paused";
    } else if (options.operation == DockerOperation::kScaleOut &&
               !container.Label(kMadeByLabel).empty()) {
      change.before = kNoOverride;
      change.after = container.Label(kMadeByLabel);
    } else {
      continue;
    }
    state.overrides.push_back({.target = {}, .percent = 100, .changes = {std::move(change)}});
  }
  return state;
}

ChangeReport DockerOverrideExecutor::ApplyToContainer(EngineSession& session,
                                                      const OverrideChange& change) {
  const PlaceLook look = LookAtPlace(*engine_, session, change);
  const ChangePlan plan = PlanApply(change, look.place, engine_->clock.Now());
  return plan.write ? CarryOut(session, change, plan, look.container) : plan.report;
}

ChangeReport DockerOverrideExecutor::UndoOnContainer(EngineSession& session,
                                                     const OverrideChange& change) {
  const PlaceLook look = LookAtPlace(*engine_, session, change);
  const ChangePlan plan = PlanUndo(change, look.place, engine_->clock.Now());
  return plan.write ? CarryOut(session, change, plan, look.container) : plan.report;
}

// Writes the plan's value and reads it back.
ChangeReport DockerOverrideExecutor::CarryOut(EngineSession& session, const OverrideChange& change,
                                              const ChangePlan& plan,
                                              const std::optional<Container>& container) {
  const Status written = WritePlace(*engine_, session, change, container, *plan.write);
  if (!written) {
    return NotWritten(change, plan, ResultOf(written.error()), written.error().message);
  }
  const Result<PlaceReading> place = LookAtPlace(*engine_, session, change).place;
  if (!place) {
    return NotWritten(change, plan, ActionResult::kUnknown,
                      "carried out, but not read back: " + place.error().message);
  }
  if (place->value == *plan.write) return plan.report;
  return NotWritten(change, plan, ActionResult::kFailed,
                    "the engine agreed, but shows " + place->value);
}

// Joins by the current address of the container, which may differ from the last one.
ChangeReport DockerOverrideExecutor::JoinGateway(EngineSession& session, const Override& held,
                                                 const OverrideChange& change) {
  const std::string name = ContainerOf(held.changes.front().subject);
  const Result<Container> container = engine_->Permitted(session, name);
  const std::string address =
      container ? AddressOf(*container, engine_->options.gateway.network) : "";
  if (address.empty()) {
    return {.result = ActionResult::kFailed,
            .text = container ? name + " has no address" : container.error().message,
            .now = change};
  }
  return engine_->gateways.Join(change, address, engine_->clock.Monotonic() + session.TimeLeft());
}

ChangeReport DockerOverrideExecutor::LeaveGateway(EngineSession& session,
                                                  const OverrideChange& change) {
  const Duration enough = session.TimeLeft() / 2;
  const auto leave = [&] {
    return engine_->gateways.Leave(change, engine_->clock.Monotonic() + session.TimeLeft());
  };
  ChangeReport report = leave();
  // HAProxy refuses to delete a server that still has connections; they end after a moment.
  while (report.result == ActionResult::kFailed && session.TimeLeft() > enough &&
         session.WaitABit()) {
    report = leave();
  }
  return report;
}

}  // namespace promheal::healing
