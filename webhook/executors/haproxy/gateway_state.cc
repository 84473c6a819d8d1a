#include "webhook/executors/haproxy/gateway_state.h"

#include <algorithm>

#include "webhook/executors/haproxy/plan.h"

namespace promheal::healing {
namespace {

std::optional<Override> FromEntry(const HaproxyOptions& options, const StickTableEntry& entry,
                                  Time now) {
  const std::string text = TextOf(InfoOf(options.operation).kind, entry);
  if (text == kNoOverride) return std::nullopt;
  OverrideChange change{.subject = entry.key, .before = std::string(kNoOverride), .after = text};
  if (entry.expires_in) change.expires_at = now + *entry.expires_in;
  // Another writer may have set a share above 100%.
  return Override{.target = LabelsBehind(options.key, entry.key),
                  .percent = ParseShare(text).value_or(100),
                  .changes = {change}};
}

std::optional<Override> FromMapEntry(const HaproxyOptions& options, const MapEntry& entry) {
  return Override{
      .target = LabelsBehind(options.key, entry.key),
      .changes = {
          {.subject = entry.key, .before = std::string(kNoOverride), .after = entry.value}}};
}

// The state that the configuration gives a slot.
SlotState ConfiguredState(const ServerState& server) {
  return IsSpare(server) ? SlotState::kMaint : SlotState::kReady;
}

bool IsInForce(HaproxyOperation operation, const ServerState& server) {
  const SlotState state = StateOf(server);
  switch (operation) {
    case HaproxyOperation::kDrain:
      return state == SlotState::kDrain;
    case HaproxyOperation::kMaint:
      return state == SlotState::kMaint && !IsSpare(server);
    case HaproxyOperation::kScaleOut:
      return state == SlotState::kReady && IsSpare(server);
    case HaproxyOperation::kSetWeight:
      return server.weight != server.initial_weight;
    default:
      return false;
  }
}

std::optional<Override> FromServer(const HaproxyOptions& options, const ServerState& server) {
  if (!IsInForce(options.operation, server)) return std::nullopt;
  const bool weight = options.operation == HaproxyOperation::kSetWeight;
  const OverrideChange change{
      .subject = ToString(server.name),
      .before = weight ? std::to_string(server.initial_weight)
                       : std::string(ToString(ConfiguredState(server))),
      .after = weight ? std::to_string(server.weight) : std::string(ToString(StateOf(server)))};
  const int percent = weight && server.initial_weight > 0
                          ? std::clamp(server.weight * 100 / server.initial_weight, 1, 100)
                          : 100;
  return Override{.target = LabelsBehind(options.backend, server.name.backend),
                  .percent = percent,
                  .changes = {change}};
}

template <typename Things, typename MakeOverride>
std::vector<Override> Collect(const Things& things, const MakeOverride& make) {
  std::vector<Override> all;
  for (const auto& thing : things) {
    if (std::optional<Override> made = make(thing)) all.push_back(std::move(*made));
  }
  return all;
}

Result<std::vector<Override>> ReadAll(RuntimeSession& session, const HaproxyOptions& options,
                                      Time now) {
  if (LivesInTable(InfoOf(options.operation).kind)) {
    const auto entries = session.Table(options.TableName());
    if (!entries) return tl::make_unexpected(entries.error());
    return Collect(*entries, [&](const auto& entry) { return FromEntry(options, entry, now); });
  }
  if (options.operation == HaproxyOperation::kRedirect) {
    const auto entries = session.Map(options.map);
    if (!entries) return tl::make_unexpected(entries.error());
    return Collect(*entries, [&](const auto& entry) { return FromMapEntry(options, entry); });
  }
  const auto servers = session.AllServers();
  if (!servers) return tl::make_unexpected(servers.error());
  return Collect(*servers, [&](const auto& server) { return FromServer(options, server); });
}

}  // namespace

Result<GatewayState> ReadGateway(RuntimeSession& session, const HaproxyOptions& options,
                                 const std::string& keeper, Time now) {
  const Result<ProcessInfo> info = session.Info();
  if (!info) return tl::make_unexpected(info.error());
  Result<std::vector<Override>> all = ReadAll(session, options, now);
  if (!all) return tl::make_unexpected(all.error());
  GatewayState state{.run = info->Run(), .in_force = std::move(*all)};
  for (Override& held : state.in_force) {
    held.changes[0].keeper = keeper;
    held.changes[0].run = state.run;
  }
  return state;
}

}  // namespace promheal::healing
