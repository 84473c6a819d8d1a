#include "webhook/executors/swarm/swarm_scale_executor.h"

#include <fmt/core.h>

#include <algorithm>

#include "webhook/executors/change_reports.h"

namespace promheal::healing {
namespace {

constexpr Duration kObserving = std::chrono::seconds(10);

// Another service of the same name has another id.
PlaceReading PlaceOn(const SwarmService& service) {
  return {.value = ToString(ReplicasOf(service)), .run = service.id};
}

// Only a replicated service has a number that can be changed.
Result<Replicas> ReplicasToChange(const SwarmService& service) {
  if (service.replicas) return ReplicasOf(service);
  return Fail(
      ErrorCode::kFailedPrecondition,
      fmt::format("refused: service {} is {}: it has no number of replicas", service.name,
                  service.mode == "Global" ? "global, with one task on each node" : "a job"));
}

// The specification with the replicas that an override's value names.
Result<std::optional<std::string>> SpecWith(const SwarmService& service, std::string_view value) {
  const Result<Replicas> replicas = ParseReplicas(value);
  if (!replicas) return tl::make_unexpected(replicas.error());
  if (auto now = ReplicasToChange(service); !now) return tl::make_unexpected(now.error());
  return SpecWithReplicas(service, *replicas);
}

bool IsThere(const SwarmTasks& tasks, int64_t number, bool out) {
  return out ? tasks.running >= number : tasks.wanted <= number;
}

}  // namespace

std::string SwarmScaleExecutor::description() const {
  return "swarm: " + ToString(manager_.options);
}

std::optional<Duration> SwarmScaleExecutor::TimeToUndoFailure(Duration deadline) const {
  return std::min(manager_.options.timeout, deadline / 4);
}

ObservationReport SwarmScaleExecutor::Observe(const Action& action) {
  EngineSession session = manager_.Session(kObserving);
  const Result<SwarmService> service = manager_.Find(session, action);
  if (!service) return {Observation::kUnknown, service.error().message};
  const Replicas now = ReplicasOf(*service);
  const Observation seen = now.by == action.id ? Observation::kHappened
                           : now.by.empty()    ? Observation::kNotHappened
                                               : Observation::kUnknown;
  return {seen, fmt::format("{} has {}", service->name, ToString(now))};
}

OverrideTraits SwarmScaleExecutor::traits() const {
  return {.disruptiveness = DisruptivenessOf(SwarmOperations(), manager_.options.operation),
          .executor = "swarm"};
}

Result<Override> SwarmScaleExecutor::Prepare(const Action& action, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const Result<SwarmService> service = manager_.Find(session, action);
  if (!service) return tl::make_unexpected(service.error());
  Result<Replicas> before = ReplicasToChange(*service);
  if (!before) return tl::make_unexpected(before.error());
  Result<Replicas> after = *before;
  if (before->by == action.id) {  // The same intent once more.
    const bool out = manager_.options.operation == SwarmOperation::kScaleOut;
    before = Replicas{.number = after->number + (out ? -1 : 1), .by = ""};
  } else {
    after = Next(*before, action.id);
  }
  if (!after) return tl::make_unexpected(after.error());
  OverrideChange change{.keeper = manager_.options.socket,
                        .subject = service->name,
                        .before = ToString(*before),
                        .after = ToString(*after)};
  return Override{.target = action.target, .percent = 100, .changes = {std::move(change)}};
}

Result<Replicas> SwarmScaleExecutor::Next(const Replicas& now, const std::string& intent) const {
  const SwarmOptions& options = manager_.options;
  const bool out = options.operation == SwarmOperation::kScaleOut;
  const int last = out ? options.most : options.least;
  if (out ? now.number >= last : now.number <= last) {
    return Fail(ErrorCode::kFailedPrecondition,
                fmt::format("refused: there are {} already, and {} {} are allowed", ToString(now),
                            out ? "at most" : "at least", last));
  }
  return Replicas{.number = now.number + (out ? 1 : -1), .by = intent};
}

OverrideReport SwarmScaleExecutor::Apply(const Override& held, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const OverrideChange& change = held.changes.front();
  const Written written = Write(session, change, PlanApply);
  ChangeReport report = written.report;
  if (written.value && report.result == ActionResult::kDone) {
    const Receipt there =
        AwaitTasks(session, change.subject, ParseReplicas(*written.value)->number);
    report.result = there.result;
    report.text += ", " + there.detail;
  }
  return Together(held, {report});
}

OverrideReport SwarmScaleExecutor::Undo(const Override& held, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  return Together(held, {Write(session, held.changes.front(), PlanUndo).report});
}

OverrideReport SwarmScaleExecutor::Inspect(const Override& held, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const OverrideChange& change = held.changes.front();
  const Result<PlaceReading> place = manager_.Permitted(session, change.subject).map(PlaceOn);
  return Together(held, {InspectPlace(change, place, clock().Now())});
}

// Plans for the service as it is at each try, since another writer may be faster.
SwarmScaleExecutor::Written SwarmScaleExecutor::Write(EngineSession& session,
                                                      const OverrideChange& change,
                                                      Planner make_plan) const {
  ChangePlan plan;
  const Status set =
      manager_.Change(session, change.subject,
                      [&](const SwarmService& service) -> Result<std::optional<std::string>> {
                        plan = make_plan(change, PlaceOn(service), clock().Now());
                        if (!plan.write) return std::nullopt;
                        return SpecWith(service, *plan.write);
                      });
  if (set) return {plan.write, plan.report};
  const Error& error = set.error();
  if (error.code != ErrorCode::kNotFound) {
    return {std::nullopt, NotWritten(change, plan, ResultOf(error), error.message)};
  }
  return {std::nullopt, make_plan(change, tl::make_unexpected(error), clock().Now()).report};
}

OverridesInForce SwarmScaleExecutor::ReadState(Duration deadline) {
  const SwarmOptions& options = manager_.options;
  EngineSession session = manager_.Session(deadline);
  OverridesInForce state{.overrides = {},
                         .keepers = {{.keeper = options.socket, .run = "", .error = {}}}};
  const auto services = manager_.AllPermitted(session);
  if (!services) {
    state.keepers.front().error = services.error();
    return state;
  }
  for (const SwarmService& service : *services) {
    const Replicas now = ReplicasOf(service);
    if (now.by.empty()) continue;
    OverrideChange change{.keeper = options.socket,
                          .subject = service.name,
                          .before = "",
                          .after = ToString(now),
                          .run = service.id};
    state.overrides.push_back({.target = {}, .percent = 100, .changes = {std::move(change)}});
  }
  return state;
}

Receipt SwarmScaleExecutor::AwaitTasks(EngineSession& session, const std::string& name,
                                       int64_t number) const {
  const bool out = manager_.options.operation == SwarmOperation::kScaleOut;
  const Result<SwarmService> service = ReadService(session, name);
  while (service) {
    const Result<SwarmTasks> tasks = ReadTasks(session, *service);
    if (!tasks)
      return {ActionResult::kUnknown, "the tasks cannot be read: " + tasks.error().message};
    const std::string counted = fmt::format("{} tasks run", tasks->running);
    if (IsThere(*tasks, number, out)) return {ActionResult::kDone, counted};
    if (!session.WaitABit()) {
      return {ActionResult::kFailed,
              tasks->trouble.empty() ? counted : fmt::format("{}; {}", counted, tasks->trouble)};
    }
  }
  return {ActionResult::kUnknown, "the tasks cannot be read: " + service.error().message};
}

}  // namespace promheal::healing
