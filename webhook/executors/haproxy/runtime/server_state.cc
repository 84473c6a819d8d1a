#include "webhook/executors/haproxy/runtime/server_state.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "webhook/executors/haproxy/runtime/runtime_answer.h"
#include "webhook/executors/haproxy/runtime/text_fields.h"

namespace promheal::healing {
namespace {

// HAProxy's SRV_ADMF_*: forced, inherited from a tracked server, or without an address.
constexpr uint32_t kInMaintenance = 0x01 | 0x02 | 0x20;
constexpr uint32_t kDisabledByConfiguration = 0x04;
constexpr uint32_t kDraining = 0x08 | 0x10;

// The positions of the columns that are read.
struct Columns {
  size_t backend, server, address, health, admin, weight, initial_weight, since_change, port;
  size_t count;
};

std::optional<Columns> ReadColumns(std::string_view header) {
  std::vector<std::string_view> names = SplitWords(header);
  if (names.empty() || names[0] != "#") return std::nullopt;
  names.erase(names.begin());
  bool all = true;
  const auto at = [&](std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    all = all && found != names.end();
    return static_cast<size_t>(found - names.begin());
  };
  const Columns columns{.backend = at("be_name"),
                        .server = at("srv_name"),
                        .address = at("srv_addr"),
                        .health = at("srv_op_state"),
                        .admin = at("srv_admin_state"),
                        .weight = at("srv_uweight"),
                        .initial_weight = at("srv_iweight"),
                        .since_change = at("srv_time_since_last_change"),
                        .port = at("srv_port"),
                        .count = names.size()};
  return all ? std::optional(columns) : std::nullopt;
}

std::optional<ServerState> ReadServer(const Columns& columns, std::string_view line) {
  const std::vector<std::string_view> words = SplitWords(line);
  if (words.size() != columns.count) return std::nullopt;
  const auto health = ParseNumber<int>(words[columns.health]);
  const auto admin = ParseNumber<uint32_t>(words[columns.admin]);
  const auto weight = ParseNumber<int>(words[columns.weight]);
  const auto initial_weight = ParseNumber<int>(words[columns.initial_weight]);
  const auto since_change = ParseNumber<int64_t>(words[columns.since_change]);
  const auto port = ParseNumber<int>(words[columns.port]);
  if (!health || !admin || !weight || !initial_weight || !since_change || !port) {
    return std::nullopt;
  }
  if (*health < 0 || *health > static_cast<int>(ServerHealth::kStopping)) return std::nullopt;
  constexpr int64_t kCentury = 3'155'760'000;
  return ServerState{
      .name = {std::string(words[columns.backend]), std::string(words[columns.server])},
      .address = std::string(words[columns.address]),
      .port = *port,
      .health = static_cast<ServerHealth>(*health),
      .admin = *admin,
      .weight = *weight,
      .initial_weight = *initial_weight,
      .since_change = std::chrono::seconds(std::clamp<int64_t>(*since_change, 0, kCentury))};
}

}  // namespace

SlotState StateOf(const ServerState& server) {
  if ((server.admin & kInMaintenance) != 0) return SlotState::kMaint;
  return (server.admin & kDraining) != 0 ? SlotState::kDrain : SlotState::kReady;
}

bool IsSpare(const ServerState& server) { return (server.admin & kDisabledByConfiguration) != 0; }

bool GetsRequests(const ServerState& server) {
  const bool healthy =
      server.health == ServerHealth::kRunning || server.health == ServerHealth::kStarting;
  return healthy && StateOf(server) == SlotState::kReady && server.weight > 0;
}

Result<std::vector<ServerState>> ParseServerStates(std::string_view answer) {
  const Result<std::string_view> dump = ReadDump(answer, "1\n");
  if (!dump) return tl::make_unexpected(dump.error());
  const std::vector<std::string_view> lines = SplitLines(*dump);
  const std::optional<Columns> columns = lines.size() < 2 ? std::nullopt : ReadColumns(lines[1]);
  if (!columns) return Fail(ErrorCode::kDataLoss, "no header in the state of servers");
  std::vector<ServerState> servers;
  for (size_t i = 2; i < lines.size(); ++i) {
    if (lines[i].empty() || lines[i].starts_with('#')) continue;
    std::optional<ServerState> server = ReadServer(*columns, lines[i]);
    if (!server) {
      return Fail(ErrorCode::kDataLoss, fmt::format("line {} is not the state of a server", i + 1));
    }
    servers.push_back(std::move(*server));
  }
  return servers;
}

const ServerState* FindServer(const std::vector<ServerState>& servers, const ServerName& name) {
  const auto found = std::find_if(servers.begin(), servers.end(),
                                  [&](const ServerState& server) { return server.name == name; });
  return found == servers.end() ? nullptr : &*found;
}

}  // namespace promheal::healing
