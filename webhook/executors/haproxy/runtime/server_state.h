#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "webhook/executors/haproxy/runtime/runtime_command.h"

namespace promheal::healing {

// Whether a server can be used, as health checks and warming up see it.
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
  std::chrono::seconds since_change{0};  // Since it last went up, down, or out of maintenance.
};

// What an operator, the configuration or a tracked server have set it to.
SlotState StateOf(const ServerState& server);

// The configuration has it `disabled`: a spare slot, whatever it is now. HAProxy remembers this
// when the slot is set ready, and forgets everything else with a reload.
bool IsSpare(const ServerState& server);

// Gets new requests now: healthy, ready, and with a weight.
bool TakesRequests(const ServerState& server);

// The answer to `show servers state`, of format version 1 (HAProxy 1.8 to 3.x; columns by name).
Result<std::vector<ServerState>> ParseServerStates(std::string_view answer);

// Null where there is none.
const ServerState* FindServer(const std::vector<ServerState>& servers, const ServerName& name);

}  // namespace promheal::healing
