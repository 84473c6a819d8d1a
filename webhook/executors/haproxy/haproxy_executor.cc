#include "webhook/executors/haproxy/haproxy_executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "webhook/executors/change_reports.h"
#include "webhook/executors/haproxy/gateway_state.h"
#include "webhook/executors/haproxy/observe.h"
#include "webhook/executors/haproxy/plan.h"

namespace promheal::healing {
namespace {

// If the HAProxies differ, the action has half happened: unknown.
ObservationReport BothObserved(const ObservationReport& a, const ObservationReport& b) {
  return {a.observation == b.observation ? a.observation : Observation::kUnknown,
          a.detail + "; " + b.detail};
}

// The setting to change on this HAProxy; an error if requests would be redirected to no backend.
// A server is deleted under its address, since Undo needs the address to add it again.
Result<Setting> PlaceOn(RuntimeSession& session, const HaproxyOptions& options, Setting setting) {
  if (options.operation == HaproxyOperation::kDelServer)
    return WithEndpoint(session, std::move(setting));
  if (options.operation != HaproxyOperation::kRedirect) return setting;
  const auto backends = session.Backends();
  if (!backends) return tl::make_unexpected(backends.error());
  if (std::find(backends->begin(), backends->end(), options.fallback) != backends->end()) {
    return setting;
  }
  return Fail(ErrorCode::kFailedPrecondition,
              fmt::format("the fallback backend {} does not exist", options.fallback));
}

Status CheckMayBecome(const HaproxyOptions& options, const Setting& setting,
                      const SettingValue& now) {
  if (options.operation != HaproxyOperation::kAddServer || !now.text.starts_with("at ")) return {};
  return Fail(
      ErrorCode::kFailedPrecondition,
      fmt::format("there is a server of that name already, {}: {}", now.text, setting.subject));
}

tl::unexpected<Error> WithGatewayName(const std::string& socket, const Error& error) {
  return Prefixed("asking HAProxy at " + socket, error);
}

}  // namespace

std::unique_ptr<OverrideExecutor> MakeHaproxyExecutor(HaproxyOptions options, const Clock& clock) {
  std::vector<Gateway> gateways;
  for (const std::string& socket : options.sockets) {
    gateways.push_back(
        {socket, std::make_unique<RuntimeClient>(RuntimeClientOptions{.socket = socket}, clock)});
  }
  return std::make_unique<HaproxyExecutor>(std::move(options), std::move(gateways), clock);
}

std::optional<Override> ChosenSlots::Find(const std::string& action_id) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, held] : chosen_) {
    if (id == action_id) return held;
  }
  return std::nullopt;
}

void ChosenSlots::Remember(const std::string& action_id, const Override& held) {
  constexpr size_t kMost = 64;
  const std::lock_guard lock(mutex_);
  chosen_.emplace_back(action_id, held);
  if (chosen_.size() > kMost) chosen_.pop_front();
}

std::string HaproxyExecutor::description() const { return "haproxy: " + ToString(options_); }

Status HaproxyExecutor::Check(const Action& action) const {
  if (auto subject = SubjectOf(options_, action.labels); !subject) {
    return tl::make_unexpected(subject.error());
  }
  return {};
}

ObservationReport HaproxyExecutor::Observe(const Action& action) {
  const Result<std::string> subject = SubjectOf(options_, action.labels);
  if (!subject) return {Observation::kUnknown, subject.error().message};
  constexpr int kCommands = 3;
  std::optional<ObservationReport> all;
  for (const Gateway& gateway : gateways_) {
    RuntimeSession session = SessionWith(gateway, Limits(options_.timeout * kCommands));
    const ObservationReport seen =
        ObserveOn(session, options_, *subject, action.intended_at, clock());
    all = all ? BothObserved(*all, seen) : seen;
  }
  return all.value_or(ObservationReport{Observation::kUnknown, "no HAProxy is configured"});
}

Result<std::string> HaproxyExecutor::Probe(Duration deadline) {
  const SessionLimits limits = Limits(deadline);
  std::string text;
  for (const Gateway& gateway : gateways_) {
    const Result<ProcessInfo> info = SessionWith(gateway, limits).Info();
    if (!info) return WithGatewayName(gateway.socket, info.error());
    text += fmt::format("{}HAProxy {}, {}, at {}", text.empty() ? "" : "; ", info->version,
                        info->Run(), gateway.socket);
  }
  return text;
}

std::string_view HaproxyExecutor::not_undone() const {
  return InfoOf(options_.operation).not_undone;
}

OverrideTraits HaproxyExecutor::traits() const {
  const bool in_table = LivesInTable(InfoOf(options_.operation).kind);
  const bool takes_out = options_.operation == HaproxyOperation::kDrain ||
                         options_.operation == HaproxyOperation::kMaint ||
                         options_.operation == HaproxyOperation::kDelServer;
  return {.has_degrees = in_table,
          .expires = in_table,
          .percent = in_table ? options_.percent : 100,
          .shuts_down = takes_out && options_.min_active == 0,
          .disruptiveness = DisruptivenessOf(HaproxyOperations(), options_.operation),
          .executor = "haproxy"};
}

Result<Override> HaproxyExecutor::Prepare(const Action& action, Duration deadline) {
  const SessionLimits limits = Limits(deadline);
  const Result<std::string> subject = ChooseSubject(action, limits);
  if (!subject) return tl::make_unexpected(subject.error());
  const Setting setting = SettingOf(options_, *subject);
  Override held{.target = action.target, .percent = traits().has_degrees ? options_.percent : 100};
  for (const Gateway& gateway : gateways_) {
    Result<OverrideChange> change = PlanOn(gateway, setting, limits);
    if (!change) return WithGatewayName(gateway.socket, change.error());
    held.changes.push_back(std::move(*change));
  }
  return held;
}

Result<Override> HaproxyExecutor::PrepareToExecute(const Action& action, Duration deadline) {
  if (!InfoOf(options_.operation).chooses_slot) return Prepare(action, deadline);
  if (std::optional<Override> held = chosen_.Find(action.id)) return *std::move(held);
  Result<Override> held = Prepare(action, deadline);
  if (held) chosen_.Remember(action.id, *held);
  return held;
}

OverrideReport HaproxyExecutor::Apply(const Override& held, Duration deadline) {
  return ForEachChange(held, deadline, [&](auto& session, const auto& setting, const auto& change) {
    return ApplyChange(session, setting, change, {.min_active = options_.min_active}, clock());
  });
}

std::string HaproxyExecutor::ValueAt(int percent) const {
  return ShareText(InfoOf(options_.operation).kind, percent);
}

OverrideReport HaproxyExecutor::Undo(const Override& held, Duration deadline) {
  return ForEachChange(held, deadline, [&](auto& session, const auto& setting, const auto& change) {
    return UndoChange(session, setting, change, {.min_active = options_.min_active}, clock());
  });
}

OverrideReport HaproxyExecutor::Inspect(const Override& held, Duration deadline) {
  return ForEachChange(held, deadline, [&](auto& session, const auto& setting, const auto& change) {
    return InspectChange(session, setting, change, clock());
  });
}

OverridesInForce HaproxyExecutor::ReadState(Duration deadline) {
  const SessionLimits limits = Limits(deadline);
  OverridesInForce state;
  for (const Gateway& gateway : gateways_) {
    RuntimeSession session = SessionWith(gateway, limits);
    Result<GatewayState> read = ReadGateway(session, options_, gateway.socket, clock().Now());
    if (!read) {
      state.keepers.push_back({.keeper = gateway.socket, .error = read.error()});
      continue;
    }
    state.keepers.push_back({.keeper = gateway.socket, .run = read->run});
    std::move(read->in_force.begin(), read->in_force.end(), std::back_inserter(state.overrides));
  }
  return state;
}

OverrideReport HaproxyExecutor::ForEachChange(const Override& held, Duration deadline,
                                              const ChangeStep& step) const {
  const SessionLimits limits = Limits(deadline);
  std::vector<ChangeReport> reports;
  size_t done = 0;
  for (const OverrideChange& change : held.changes) {
    reports.push_back(StepOn(change, limits, step));
    if (reports.back().result == ActionResult::kDone) ++done;
  }
  OverrideReport all = Together(held, reports);
  if (done > 0 && done < reports.size()) {
    all.detail = fmt::format("{} of {} HAProxies: {}", done, reports.size(), all.detail);
  }
  return all;
}

ChangeReport HaproxyExecutor::StepOn(const OverrideChange& change, const SessionLimits& limits,
                                     const ChangeStep& step) const {
  const auto gateway = std::find_if(gateways_.begin(), gateways_.end(), [&](const Gateway& known) {
    return known.socket == change.keeper;
  });
  if (gateway == gateways_.end()) return KeeperNotConfigured(change);
  RuntimeSession session = SessionWith(*gateway, limits);
  return step(session, SettingOf(options_, change.subject), change);
}

SessionLimits HaproxyExecutor::Limits(Duration deadline) const {
  return {.end = clock().Monotonic() + deadline, .per_command = options_.timeout};
}

RuntimeSession HaproxyExecutor::SessionWith(const Gateway& gateway,
                                            const SessionLimits& limits) const {
  return RuntimeSession(*gateway.api, clock(), limits);
}

// An operation that chooses its slot first asks all HAProxies.
Result<std::string> HaproxyExecutor::ChooseSubject(const Action& action,
                                                   const SessionLimits& limits) const {
  Result<std::string> subject = SubjectOf(options_, action.labels);
  if (!subject || !InfoOf(options_.operation).chooses_slot) return subject;
  BackendViews views;
  for (const Gateway& gateway : gateways_) {
    auto servers = SessionWith(gateway, limits).Servers(*subject);
    if (!servers) return WithGatewayName(gateway.socket, servers.error());
    views.push_back(std::move(*servers));
  }
  const Result<ServerName> slot = options_.operation == HaproxyOperation::kScaleOut
                                      ? ChooseSpare(views, *subject)
                                      : ChooseSurplus(views, *subject);
  if (!slot) return tl::make_unexpected(slot.error());
  return ToString(*slot);
}

// The change on one HAProxy; an error if it is not allowed.
Result<OverrideChange> HaproxyExecutor::PlanOn(const Gateway& gateway, const Setting& wanted,
                                               const SessionLimits& limits) const {
  RuntimeSession session = SessionWith(gateway, limits);
  const Result<Setting> place = PlaceOn(session, options_, wanted);
  if (!place) return tl::make_unexpected(place.error());
  const Setting& setting = *place;
  const Result<SettingValue> now = ReadSetting(session, setting);
  if (!now) return tl::make_unexpected(now.error());
  if (auto status = CheckMayBecome(options_, setting, *now); !status) {
    return tl::make_unexpected(status.error());
  }
  const Result<int> initial_weight = InitialWeight(session, setting);
  if (!initial_weight) return tl::make_unexpected(initial_weight.error());
  Result<std::string> after = WantedValue(options_, options_.percent, *initial_weight);
  if (!after) return tl::make_unexpected(after.error());
  const ChangeLimits change_limits{.min_active = options_.min_active};
  if (auto served = CheckStaysServed(session, setting, *after, change_limits); !served) {
    return tl::make_unexpected(served.error());
  }
  return OverrideChange{.keeper = gateway.socket,
                        .subject = setting.subject,
                        .before = now->text,
                        .after = std::move(*after)};
}

}  // namespace promheal::healing
