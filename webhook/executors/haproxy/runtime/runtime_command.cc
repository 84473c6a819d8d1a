#include "webhook/executors/haproxy/runtime/runtime_command.h"

#include <arpa/inet.h>
#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>

#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {
namespace {

constexpr size_t kMaxWordLength = 63;
constexpr int kMaxWeight = 256;
constexpr int kMaxMaxconn = 1'000'000;

bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool IsAllowed(char c) { return IsWordStart(c) || c == '.' || c == ':' || c == '-'; }

using NamedWords = std::initializer_list<std::pair<std::string_view, std::string_view>>;

Status CheckWords(NamedWords words) {
  for (const auto& [what, value] : words) {
    if (auto status = CheckWord(what, value); !status) return status;
  }
  return {};
}

Status CheckName(const ServerName& name) {
  return CheckWords({{"backend", name.backend}, {"server", name.server}});
}

Status CheckRange(std::string_view what, int value, int max) {
  if (value >= 0 && value <= max) return {};
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("{} is {}: expected 0 to {}", what, value, max));
}

}  // namespace

std::string_view ToString(SlotState state) {
  switch (state) {
    case SlotState::kReady:
      return "ready";
    case SlotState::kDrain:
      return "drain";
    case SlotState::kMaint:
      return "maint";
  }
  return "maint";
}

Result<SlotState> ParseSlotState(std::string_view text) {
  for (const SlotState state : {SlotState::kReady, SlotState::kDrain, SlotState::kMaint}) {
    if (text == ToString(state)) return state;
  }
  return Fail(ErrorCode::kInvalidArgument, "the state of a slot is ready, drain or maint");
}

std::string ToString(const ServerName& name) { return name.backend + '/' + name.server; }

Result<ServerName> ParseServerName(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return Fail(ErrorCode::kInvalidArgument, "a slot is named backend/server");
  }
  ServerName name{std::string(text.substr(0, slash)), std::string(text.substr(slash + 1))};
  if (auto status = CheckName(name); !status) return tl::make_unexpected(status.error());
  return name;
}

Status CheckWord(std::string_view what, std::string_view value) {
  const auto refuse = [&](std::string_view why) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the {} may not be put into a command for HAProxy: {}", what, why));
  };
  if (value.size() > kMaxWordLength) return refuse("it is longer than 63 characters");
  if (value.empty() || !IsWordStart(value.front())) {
    return refuse("it does not start with a letter, a digit or an underscore");
  }
  if (!std::all_of(value.begin(), value.end(), IsAllowed)) {
    return refuse("it holds something other than letters, digits and _ . : -");
  }
  return {};
}

Status CheckEndpoint(std::string_view endpoint) {
  const size_t colon = endpoint.find(':');
  const std::string address(endpoint.substr(0, colon));
  in_addr parsed{};
  const std::optional<uint16_t> port = colon == std::string_view::npos
                                           ? std::nullopt
                                           : ParseNumber<uint16_t>(endpoint.substr(colon + 1));
  if (port && *port > 0 && ::inet_pton(AF_INET, address.c_str(), &parsed) == 1) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "the address may not be put into a command for HAProxy: expected an IPv4 address and "
              "a port, such as 172.18.0.5:3011");
}

Status CheckMapPath(std::string_view path) {
  constexpr size_t kMaxLength = 200;
  const bool fine = path.size() > 1 && path.size() <= kMaxLength && path.front() == '/' &&
                    std::all_of(path.begin(), path.end(), [](char c) {
                      return IsWordStart(c) || c == '.' || c == '-' || c == '/';
                    });
  if (fine) return {};
  return Fail(ErrorCode::kInvalidArgument,
              "expected an absolute path of letters, digits and _ . - / and of at most 200 "
              "characters");
}

Result<RuntimeCommand> RuntimeCommand::If(const Status& status, std::string text) {
  if (!status) return tl::make_unexpected(status.error());
  return RuntimeCommand(std::move(text));
}

RuntimeCommand RuntimeCommand::ShowInfo() { return RuntimeCommand("show info"); }

RuntimeCommand RuntimeCommand::ShowAllServers() { return RuntimeCommand("show servers state"); }

Result<RuntimeCommand> RuntimeCommand::ShowServers(std::string_view backend) {
  return If(CheckWord("backend", backend), fmt::format("show servers state {}", backend));
}

Result<RuntimeCommand> RuntimeCommand::ShowServerStats(std::string_view backend) {
  constexpr int kServers = 4;  // A mask: 1 frontends, 2 backends, 4 servers.
  return If(CheckWord("backend", backend), fmt::format("show stat {} {} -1", backend, kServers));
}

Result<RuntimeCommand> RuntimeCommand::ShowTable(std::string_view table) {
  return If(CheckWord("table", table), fmt::format("show table {}", table));
}

Result<RuntimeCommand> RuntimeCommand::ShowTableEntry(std::string_view table,
                                                      std::string_view key) {
  return If(CheckWords({{"table", table}, {"key", key}}),
            fmt::format("show table {} key {}", table, key));
}

Result<RuntimeCommand> RuntimeCommand::SetTableEntry(std::string_view table, std::string_view key,
                                                     const TableData& data) {
  std::string text = fmt::format("set table {} key {}", table, key);
  for (const auto& [name, value] : data) {
    if (auto status = CheckWord("data", name); !status) return If(status, "");
    text += fmt::format(" data.{} {}", name, value);
  }
  return If(CheckWords({{"table", table}, {"key", key}}), std::move(text));
}

Result<RuntimeCommand> RuntimeCommand::ClearTableEntry(std::string_view table,
                                                       std::string_view key) {
  // Without a key, HAProxy would clear the whole table.
  return If(CheckWords({{"table", table}, {"key", key}}),
            fmt::format("clear table {} key {}", table, key));
}

Result<RuntimeCommand> RuntimeCommand::SetServerState(const ServerName& name, SlotState state) {
  return If(CheckName(name),
            fmt::format("set server {} state {}", ToString(name), ToString(state)));
}

Result<RuntimeCommand> RuntimeCommand::SetServerWeight(const ServerName& name, int weight) {
  if (auto status = CheckRange("weight", weight, kMaxWeight); !status) return If(status, "");
  return If(CheckName(name), fmt::format("set server {} weight {}", ToString(name), weight));
}

Result<RuntimeCommand> RuntimeCommand::AddServer(const ServerName& name, std::string_view endpoint,
                                                 int weight) {
  if (auto status = CheckRange("weight", weight, kMaxWeight); !status) return If(status, "");
  if (auto status = CheckEndpoint(endpoint); !status) return If(status, "");
  // Dynamic servers ignore default-server: check every second, down after two failures.
  return If(CheckName(name), fmt::format("add server {} {} check inter 1s rise 1 fall 2 weight {}",
                                         ToString(name), endpoint, weight));
}

Result<RuntimeCommand> RuntimeCommand::EnableHealthChecks(const ServerName& name) {
  return If(CheckName(name), fmt::format("enable health {}", ToString(name)));
}

Result<RuntimeCommand> RuntimeCommand::DeleteServer(const ServerName& name) {
  return If(CheckName(name), fmt::format("del server {}", ToString(name)));
}

Result<RuntimeCommand> RuntimeCommand::ShutdownSessions(const ServerName& name) {
  return If(CheckName(name), fmt::format("shutdown sessions server {}", ToString(name)));
}

RuntimeCommand RuntimeCommand::ShowBackends() { return RuntimeCommand("show backend"); }

Result<RuntimeCommand> RuntimeCommand::ShowMap(std::string_view path) {
  return If(CheckMapPath(path), fmt::format("show map {}", path));
}

Result<RuntimeCommand> RuntimeCommand::AddMapEntry(std::string_view path, std::string_view key,
                                                   std::string_view value) {
  if (auto status = CheckMapPath(path); !status) return If(status, "");
  return If(CheckWords({{"key", key}, {"value", value}}),
            fmt::format("add map {} {} {}", path, key, value));
}

Result<RuntimeCommand> RuntimeCommand::SetMapEntry(std::string_view path, std::string_view key,
                                                   std::string_view value) {
  if (auto status = CheckMapPath(path); !status) return If(status, "");
  return If(CheckWords({{"key", key}, {"value", value}}),
            fmt::format("set map {} {} {}", path, key, value));
}

Result<RuntimeCommand> RuntimeCommand::DeleteMapEntry(std::string_view path, std::string_view key) {
  if (auto status = CheckMapPath(path); !status) return If(status, "");
  return If(CheckWords({{"key", key}}), fmt::format("del map {} {}", path, key));
}

Result<RuntimeCommand> RuntimeCommand::SetServerMaxconn(const ServerName& name, int maxconn) {
  if (auto status = CheckRange("maxconn", maxconn, kMaxMaxconn); !status) return If(status, "");
  return If(CheckName(name), fmt::format("set maxconn server {} {}", ToString(name), maxconn));
}

}  // namespace promheal::healing
