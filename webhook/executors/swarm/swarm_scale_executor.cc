#include "webhook/executors/swarm/swarm_scale_executor.h"

#include <fmt/core.h>

#include <algorithm>

namespace promheal::healing {
namespace {

constexpr Duration kObserving = std::chrono::seconds(10);

// How the service stands against what an override says about it.
struct Look {
  Standing standing = Standing::kUnreadable;
  std::string text;  // Its replicas.
  std::string run;   // As in OverrideChange: another service of the same name has another id.
};

Look LookAt(const SwarmService& service, const OverrideChange& change, Time now) {
  Look look{.text = ToString(ReplicasOf(service)), .run = service.id};
  look.standing = StandingOf(change, look.text, look.run, now);
  return look;
}

OverrideReport Report(const Override& held, ActionResult result, const Look& look,
                      std::string_view detail) {
  return {.result = result,
          .detail = fmt::format("{}: {}", held.changes.front().subject, detail),
          .now = held,
          .found = {look.standing}};
}

// Only a number can be changed.
Result<Replicas> ReplicasToChange(const SwarmService& service) {
  if (service.replicas) return ReplicasOf(service);
  return Fail(
      ErrorCode::kFailedPrecondition,
      fmt::format("refused: service {} is {}: it has no number of replicas", service.name,
                  service.mode == "Global" ? "global, with one task on each node" : "a job"));
}

Result<std::optional<std::string>> Leave(const std::string& why) {
  return Fail(ErrorCode::kFailedPrecondition, why);
}

// The specification with the replicas that stand in an override.
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

Receipt SwarmScaleExecutor::Execute(const Action& action, Duration deadline) {
  const Duration end = manager_.clock.Monotonic() + deadline;
  const Result<Override> held = Prepare(action, deadline);
  if (!held) return {ActionResult::kFailed, held.error().message};
  const Duration to_undo = std::min(manager_.options.timeout, deadline / 4);
  OverrideReport report = Apply(*held, end - manager_.clock.Monotonic() - to_undo);
  if (report.result == ActionResult::kFailed) {
    const OverrideReport undone = Undo(report.now, end - manager_.clock.Monotonic());
    report.detail += "; " + undone.detail;
  }
  return {report.result, report.detail};
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
                fmt::format("refused: there are {} already, and {} are the {}", ToString(now), last,
                            out ? "most" : "least"));
  }
  return Replicas{.number = now.number + (out ? 1 : -1), .by = intent};
}

OverrideReport SwarmScaleExecutor::Apply(const Override& held, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const OverrideChange& change = held.changes.front();
  Look look;
  const Status set =
      manager_.Change(session, change.subject,
                      [&](const SwarmService& service) -> Result<std::optional<std::string>> {
                        look = LookAt(service, change, manager_.clock.Now());
                        if (!MayWrite(look.standing))
                          return Leave(WhyLeftAlone(look.standing, look.text));
                        if (look.text == change.after) return std::nullopt;
                        return SpecWith(service, change.after);
                      });
  if (!set) return Report(held, ResultOf(set.error()), look, set.error().message);
  OverrideReport report = Report(held, ActionResult::kDone, look, "already " + change.after);
  report.now.changes.front().run = look.run;
  report.now.changes.front().earlier.clear();
  if (look.text == change.after) return report;
  const Receipt there = AwaitTasks(session, change.subject, ParseReplicas(change.after)->number);
  report.result = there.result;
  report.detail =
      fmt::format("{}: {} -> {}, {}", change.subject, look.text, change.after, there.detail);
  return report;
}

Result<Override> SwarmScaleExecutor::AtPercent(Override, int percent) const {
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("{} at {}%: it has no degrees", description(), percent));
}

OverrideReport SwarmScaleExecutor::Undo(const Override& held, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const OverrideChange& change = held.changes.front();
  Look look;
  std::string left;  // Why nothing needs to be done.
  const Status set = manager_.Change(
      session, change.subject,
      [&](const SwarmService& service) -> Result<std::optional<std::string>> {
        look = LookAt(service, change, manager_.clock.Now());
        const bool ours = look.standing == Standing::kInForce && look.text != change.before;
        const bool others =
            look.standing == Standing::kReplaced || look.standing == Standing::kTakenBack;
        left = ours ? "" : others ? WhyLeftAlone(look.standing, look.text) : "already " + look.text;
        if (!ours) return std::nullopt;
        return SpecWith(service, change.before);
      });
  if (!set && set.error().code == ErrorCode::kNotFound) {
    return Report(held, ActionResult::kDone, look, "gone with its service");
  }
  if (!set) return Report(held, ResultOf(set.error()), look, set.error().message);
  return Report(held, ActionResult::kDone, look,
                left.empty() ? fmt::format("{} -> {}", look.text, change.before) : left);
}

OverrideReport SwarmScaleExecutor::Inspect(const Override& held, Duration deadline) {
  EngineSession session = manager_.Session(deadline);
  const OverrideChange& change = held.changes.front();
  const Result<SwarmService> service = manager_.Permitted(session, change.subject);
  if (!service) return Report(held, ActionResult::kFailed, {}, service.error().message);
  const Look look = LookAt(*service, change, manager_.clock.Now());
  return Report(held, ActionResult::kDone, look,
                fmt::format("{} ({})", look.text, ToString(look.standing)));
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
    if (!tasks) return {ActionResult::kUnknown, "tasks not seen: " + tasks.error().message};
    const std::string counted = fmt::format("{} tasks run", tasks->running);
    if (IsThere(*tasks, number, out)) return {ActionResult::kDone, counted};
    if (!session.WaitABit()) {
      return {ActionResult::kFailed,
              tasks->trouble.empty() ? counted : fmt::format("{}; {}", counted, tasks->trouble)};
    }
  }
  return {ActionResult::kUnknown, "tasks not seen: " + service.error().message};
}

}  // namespace promheal::healing
