#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/io/clock.h"
#include "webhook/executors/haproxy/runtime/map_file.h"
#include "webhook/executors/haproxy/runtime/process_info.h"
#include "webhook/executors/haproxy/runtime/runtime_client.h"
#include "webhook/executors/haproxy/runtime/server_state.h"
#include "webhook/executors/haproxy/runtime/server_stats.h"
#include "webhook/executors/haproxy/runtime/stick_table.h"

namespace promheal::healing {

// Time limits of a session with one HAProxy.
struct SessionLimits {
  Duration end;          // On the monotonic clock.
  Duration per_command;  // A HAProxy that hangs must leave time for the others.
};

// Sends commands to one HAProxy and parses the answers. After a timeout the session sends nothing
// more. One thread at a time.
class RuntimeSession {
 public:
  RuntimeSession(const RuntimeApi& api, const Clock& clock, SessionLimits limits)
      : api_(api), clock_(clock), limits_(limits) {}

  Result<ProcessInfo> Info();
  Result<std::vector<ServerState>> AllServers();
  Result<std::vector<ServerState>> Servers(std::string_view backend);
  Result<std::vector<ProxyStats>> ServerStats(std::string_view backend);
  Result<std::vector<StickTableEntry>> Table(std::string_view table);
  // nullopt if there is no such entry. kFailedPrecondition if the table cuts this key short: its
  // entry would also apply to other keys.
  Result<std::optional<StickTableEntry>> TableEntry(std::string_view table, std::string_view key);

  Result<std::vector<MapEntry>> Map(std::string_view path);
  Result<std::vector<std::string>> Backends();

  // Sends a command that changes something. After kTimeout and kDataLoss it may have taken effect.
  Status Change(const Result<RuntimeCommand>& command);

 private:
  Result<std::string> Run(const Result<RuntimeCommand>& command);

  const RuntimeApi& api_;
  const Clock& clock_;
  const SessionLimits limits_;
  bool hangs_ = false;
};

}  // namespace promheal::healing
