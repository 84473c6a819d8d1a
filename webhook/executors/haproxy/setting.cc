#include "webhook/executors/haproxy/setting.h"

#include <fmt/core.h>

#include "webhook/core/override/override.h"
#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {
namespace {

constexpr std::string_view kOpen = "open";
constexpr std::string_view kUnlimited = "unlimited";

tl::unexpected<Error> NoSuchServer(const ServerName& name) {
  return Fail(ErrorCode::kNotFound, fmt::format("there is no server {}", ToString(name)));
}

tl::unexpected<Error> NoSuchValue(std::string_view value) {
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a value of this setting", value.substr(0, 40)));
}

Result<SettingValue> ReadEntry(RuntimeSession& session, const Setting& setting) {
  const auto entry = session.TableEntry(setting.table, setting.subject);
  if (!entry) return tl::make_unexpected(entry.error());
  if (!*entry) return SettingValue{std::string(kNoOverride), std::nullopt};
  return SettingValue{TextOf(setting.kind, **entry), (*entry)->expires_in};
}

Result<SettingValue> ReadServer(RuntimeSession& session, const Setting& setting,
                                const ServerName& name) {
  const auto servers = session.Servers(name.backend);
  if (!servers) return tl::make_unexpected(servers.error());
  const ServerState* server = FindServer(*servers, name);
  if (server == nullptr) return NoSuchServer(name);
  const bool weight = setting.kind == SettingKind::kWeight;
  return SettingValue{weight ? std::to_string(server->weight)
                             : std::string(ToString(StateOf(*server)))};
}

Result<SettingValue> ReadMaxconn(RuntimeSession& session, const ServerName& name) {
  const auto servers = session.ServerStats(name.backend);
  if (!servers) return tl::make_unexpected(servers.error());
  for (const ProxyStats& server : *servers) {
    if (server.kind != StatsKind::kServer || server.name != name.server) continue;
    return SettingValue{server.session_limit ? std::to_string(*server.session_limit)
                                             : std::string(kUnlimited)};
  }
  return NoSuchServer(name);
}

Result<RuntimeCommand> WriteEntry(const Setting& setting, std::string_view value) {
  if (value == kNoOverride) return RuntimeCommand::ClearTableEntry(setting.table, setting.subject);
  const std::optional<int> percent = ParseShare(value);
  if (!percent) return NoSuchValue(value);
  if (setting.kind == SettingKind::kShed) {
    return RuntimeCommand::SetTableEntry(setting.table, setting.subject,
                                         {{"gpt0", static_cast<uint32_t>(*percent)}});
  }
  // An open breaker has share 0. It must be written, or a half-open breaker would keep its share.
  const auto share = static_cast<uint32_t>(*percent == 100 ? 0 : *percent);
  return RuntimeCommand::SetTableEntry(setting.table, setting.subject,
                                       {{"gpc0", 1}, {"gpt0", share}});
}

// The address in a member's subject; "" if any address counts.
std::string_view EndpointOf(const Setting& setting) {
  const size_t at = setting.subject.find('@');
  return at == std::string::npos ? std::string_view()
                                 : std::string_view(setting.subject).substr(at + 1);
}

Result<SettingValue> ReadMember(RuntimeSession& session, const Setting& setting,
                                const ServerName& name) {
  const auto servers = session.Servers(name.backend);
  if (!servers) return tl::make_unexpected(servers.error());
  const ServerState* server = FindServer(*servers, name);
  if (server == nullptr) return SettingValue{std::string(kNoOverride)};
  const std::string endpoint = fmt::format("{}:{}", server->address, server->port);
  const std::string_view wanted = EndpointOf(setting);
  if (!wanted.empty() && endpoint != wanted) return SettingValue{"at " + endpoint};
  const bool in_maint = StateOf(*server) == SlotState::kMaint;
  return SettingValue{std::string(in_maint ? kMemberInMaint : kMember)};
}

Result<SettingValue> ReadRedirect(RuntimeSession& session, const Setting& setting) {
  const auto entries = session.Map(setting.table);
  if (!entries) return tl::make_unexpected(entries.error());
  for (const MapEntry& entry : *entries) {
    if (entry.key == setting.subject) return SettingValue{entry.value};
  }
  return SettingValue{std::string(kNoOverride)};
}

// All commands, or the first error.
Result<RuntimeCommands> AllOrError(std::vector<Result<RuntimeCommand>> commands) {
  RuntimeCommands all;
  for (Result<RuntimeCommand>& command : commands) {
    if (!command) return tl::make_unexpected(command.error());
    all.push_back(std::move(*command));
  }
  return all;
}

Result<RuntimeCommands> WriteRedirect(RuntimeSession& session, const Setting& setting,
                                      std::string_view value) {
  const Result<SettingValue> now = ReadRedirect(session, setting);
  if (!now) return tl::make_unexpected(now.error());
  const bool is_there = now->text != kNoOverride;
  if (value != kNoOverride) {
    return AllOrError({is_there
                           ? RuntimeCommand::SetMapEntry(setting.table, setting.subject, value)
                           : RuntimeCommand::AddMapEntry(setting.table, setting.subject, value)});
  }
  if (!is_there) return RuntimeCommands{};
  return AllOrError({RuntimeCommand::DeleteMapEntry(setting.table, setting.subject)});
}

// The weight of a new server: the configured weight of the first one.
int WeightOfOthers(const std::vector<ServerState>& servers) {
  constexpr int kUsual = 100;
  return servers.empty() ? kUsual : servers.front().initial_weight;
}

Result<RuntimeCommands> WriteMember(RuntimeSession& session, const Setting& setting,
                                    std::string_view value) {
  const Result<ServerName> name = ServerOf(setting);
  if (!name) return tl::make_unexpected(name.error());
  const auto servers = session.Servers(name->backend);
  if (!servers) return tl::make_unexpected(servers.error());
  const bool is_there = FindServer(*servers, *name) != nullptr;
  const auto maint = RuntimeCommand::SetServerState(*name, SlotState::kMaint);
  const auto add = RuntimeCommand::AddServer(*name, EndpointOf(setting), WeightOfOthers(*servers));
  if (value == kMemberInMaint) return AllOrError({is_there ? maint : add});
  if (value == kNoOverride) {
    if (!is_there) return RuntimeCommands{};
    return AllOrError(
        {maint, RuntimeCommand::ShutdownSessions(*name), RuntimeCommand::DeleteServer(*name)});
  }
  if (value != kMember) return NoSuchValue(value);
  const auto checks = RuntimeCommand::EnableHealthChecks(*name);
  const auto ready = RuntimeCommand::SetServerState(*name, SlotState::kReady);
  if (is_there) return AllOrError({checks, ready});
  return AllOrError({add, checks, ready});
}

Result<RuntimeCommand> WriteServer(const Setting& setting, std::string_view value) {
  const Result<ServerName> name = ParseServerName(setting.subject);
  if (!name) return tl::make_unexpected(name.error());
  if (setting.kind == SettingKind::kState) {
    const Result<SlotState> state = ParseSlotState(value);
    if (!state) return tl::make_unexpected(state.error());
    return RuntimeCommand::SetServerState(*name, *state);
  }
  const bool is_maxconn = setting.kind == SettingKind::kMaxconn;
  if (is_maxconn && value == kUnlimited) return RuntimeCommand::SetServerMaxconn(*name, 0);
  const std::optional<int> number = ParseNumber<int>(value);
  // HAProxy reads 0 as "no limit".
  if (!number || (is_maxconn && *number == 0)) return NoSuchValue(value);
  return is_maxconn ? RuntimeCommand::SetServerMaxconn(*name, *number)
                    : RuntimeCommand::SetServerWeight(*name, *number);
}

}  // namespace

bool LivesInTable(SettingKind kind) {
  return kind == SettingKind::kShed || kind == SettingKind::kBreaker;
}

bool HasKey(SettingKind kind) { return LivesInTable(kind) || kind == SettingKind::kRedirect; }

std::string ShareText(SettingKind kind, int percent) {
  if (kind == SettingKind::kBreaker && percent == 100) return std::string(kOpen);
  return fmt::format("{}%", percent);
}

std::optional<int> ParseShare(std::string_view text) {
  if (text == kOpen) return 100;
  if (!text.ends_with('%')) return std::nullopt;
  const std::optional<int> percent = ParseNumber<int>(text.substr(0, text.size() - 1));
  if (!percent || *percent < 1 || *percent > 100) return std::nullopt;
  return percent;
}

Result<SettingValue> ReadSetting(RuntimeSession& session, const Setting& setting) {
  if (LivesInTable(setting.kind)) return ReadEntry(session, setting);
  if (setting.kind == SettingKind::kRedirect) return ReadRedirect(session, setting);
  const Result<ServerName> name = ServerOf(setting);
  if (!name) return tl::make_unexpected(name.error());
  if (setting.kind == SettingKind::kMember) return ReadMember(session, setting, *name);
  if (setting.kind == SettingKind::kMaxconn) return ReadMaxconn(session, *name);
  return ReadServer(session, setting, *name);
}

Result<int> InitialWeight(RuntimeSession& session, const Setting& setting) {
  if (setting.kind != SettingKind::kWeight) return 0;
  const Result<ServerName> name = ParseServerName(setting.subject);
  if (!name) return tl::make_unexpected(name.error());
  const auto servers = session.Servers(name->backend);
  if (!servers) return tl::make_unexpected(servers.error());
  const ServerState* server = FindServer(*servers, *name);
  if (server == nullptr) return NoSuchServer(*name);
  return server->initial_weight;
}

Result<RuntimeCommands> WriteCommands(RuntimeSession& session, const Setting& setting,
                                      std::string_view value) {
  if (setting.kind == SettingKind::kMember) return WriteMember(session, setting, value);
  if (setting.kind == SettingKind::kRedirect) return WriteRedirect(session, setting, value);
  return AllOrError(
      {LivesInTable(setting.kind) ? WriteEntry(setting, value) : WriteServer(setting, value)});
}

Result<ServerName> ServerOf(const Setting& setting) {
  return ParseServerName(std::string_view(setting.subject).substr(0, setting.subject.find('@')));
}

Result<Setting> WithEndpoint(RuntimeSession& session, Setting setting) {
  const Result<ServerName> name = ServerOf(setting);
  if (!name) return tl::make_unexpected(name.error());
  const auto servers = session.Servers(name->backend);
  if (!servers) return tl::make_unexpected(servers.error());
  const ServerState* server = FindServer(*servers, *name);
  if (server != nullptr) {
    setting.subject = fmt::format("{}@{}:{}", ToString(*name), server->address, server->port);
  }
  return setting;
}

std::string TextOf(SettingKind kind, const StickTableEntry& entry) {
  const uint64_t share = entry.Get("gpt0");
  if (kind == SettingKind::kShed) {
    return share == 0 ? std::string(kNoOverride) : fmt::format("{}%", share);
  }
  if (entry.Get("gpc0") == 0) return std::string(kNoOverride);
  return share == 0 || share >= 100 ? std::string(kOpen) : fmt::format("{}%", share);
}

}  // namespace promheal::healing
