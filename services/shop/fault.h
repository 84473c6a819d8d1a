#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::shop {

// The ways to break a service on purpose.
enum class FaultMode {
  kNone,       // Ends the current fault.
  kCrash,      // The process ends at once, without finishing its requests.
  kHang,       // The process answers nothing, not even /health and /metrics: a deadlock.
  kLatency,    // A share of the workers is stuck and the rest is slow.
  kErrors,     // A share of the requests gets 500.
  kCpu,        // The process burns a share of one core.
  kMemory,     // Memory grows up to an amount.
  kLogErrors,  // A share of the requests logs an error, but is served.
};

std::string_view ToString(FaultMode mode);

struct Fault {
  FaultMode mode = FaultMode::kHang;
  Duration duration = std::chrono::seconds(60);
  double rate = 0.0;        // The share of workers, requests or a core; see FaultMode.
  Duration service_time{};  // kLatency: the time of a request during the fault.
  uint64_t bytes = 0;       // kMemory: the amount.

  bool operator==(const Fault&) const = default;
};

// Reads the query of /fault?mode=&duration=&rate=&amount=; without a mode it is a hang.
Result<Fault> ParseFault(const std::map<std::string, std::string>& query);

// Reads a file with a query for /fault, such as "mode=errors&rate=0.5&duration=10m". nullopt if the
// file does not exist.
Result<std::optional<Fault>> ReadFaultFile(const std::string& path);

// "latency for 30s: 50 % of the workers are lost, a request takes 250ms"
std::string Describe(const Fault& fault);

}  // namespace promheal::shop
