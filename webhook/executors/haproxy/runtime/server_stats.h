#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "webhook/executors/haproxy/runtime/runtime_command.h"

namespace promheal::healing {

// The subject of a line of `show stat`.
enum class StatsKind { kFrontend, kBackend, kServer, kListener };

// One line of `show stat`. Fields that HAProxy leaves empty have no value.
struct ProxyStats {
  std::string proxy;
  std::string name;  // A server's name, "FRONTEND" or "BACKEND".
  StatsKind kind = StatsKind::kServer;
  std::string status;  // "UP", "UP 1/2", "DOWN", "MAINT", "DRAIN", "no check", "OPEN".
  std::optional<uint64_t> weight;
  std::optional<uint64_t> sessions;       // Now.
  std::optional<uint64_t> session_limit;  // maxconn; nullopt: no limit.
  std::optional<uint64_t> total_sessions;
  std::optional<uint64_t> queued;  // Requests that wait now.
  std::optional<uint64_t> responses_5xx;
};

// The answer to `show stat`, in CSV with a header; columns by name.
Result<std::vector<ProxyStats>> ParseStats(std::string_view answer);

}  // namespace promheal::healing
