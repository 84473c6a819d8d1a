#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "webhook/executors/haproxy/runtime/runtime_command.h"

namespace promheal::healing {

// Whether a server can be used, by its health checks and its slow start.
enum class ServerHealth { kStopped, kStarting, kRunning, kStopping };

// One line of `show servers state`.
struct ServerState {
  ServerName name;
  std::string address;
  int port = 0;
  ServerHealth health = ServerHealth::kStopped;
  uint32_t admin = 0;                    // HAProxy's mask of administrative states; see below.
  int weight = 0;                        // In force, 0 to 256.
  int initial_weight = 0;                // As configured.
  std::chrono::seconds since_change{0};  // Since it last went up or down, or left maintenance.
};

// The state set by an operator, the configuration or a tracked server.
SlotState StateOf(const ServerState& server);

// Whether the configuration has it `disabled`: it is a spare slot, whatever its state now. HAProxy
// still shows this after the slot was set ready.
bool IsSpare(const ServerState& server);

// Whether it gets new requests now: it is healthy, ready, and its weight is not 0.
bool GetsRequests(const ServerState& server);

// The answer to `show servers state`, of format version 1 (HAProxy 1.8 to 3.x; columns by name).
Result<std::vector<ServerState>> ParseServerStates(std::string_view answer);

// Null if there is no such server.
const ServerState* FindServer(const std::vector<ServerState>& servers, const ServerName& name);

}  // namespace promheal::healing
