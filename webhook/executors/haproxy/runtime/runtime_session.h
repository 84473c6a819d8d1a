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

// How long a conversation with one HAProxy may take.
struct SessionLimits {
  Duration end;          // On the monotonic clock.
  Duration per_command;  // So that one that hangs leaves time for the others.
};

// A few commands in a row to one HAProxy, their answers read. One that did not answer in time is
// not asked again in the same session. One thread at a time.
class RuntimeSession {
 public:
  RuntimeSession(const RuntimeApi& api, const Clock& clock, SessionLimits limits)
      : api_(api), clock_(clock), limits_(limits) {}

  Result<ProcessInfo> Info();
  Result<std::vector<ServerState>> AllServers();
  Result<std::vector<ServerState>> Servers(std::string_view backend);
  Result<std::vector<ProxyStats>> ServerStats(std::string_view backend);
  Result<std::vector<StickTableEntry>> Table(std::string_view table);
  // Nothing where there is no such entry. kFailedPrecondition where the table cuts its keys short,
  // so that this one would stand for others as well.
  Result<std::optional<StickTableEntry>> TableEntry(std::string_view table, std::string_view key);

  Result<std::vector<MapEntry>> Map(std::string_view path);
  Result<std::vector<std::string>> Backends();

  // Any command that changes something. kTimeout and kDataLoss: perhaps it did.
  Status Change(const Result<RuntimeCommand>& command);

 private:
  Result<std::string> Run(const Result<RuntimeCommand>& command);

  const RuntimeApi& api_;
  const Clock& clock_;
  const SessionLimits limits_;
  bool hangs_ = false;
};

}  // namespace promheal::healing
