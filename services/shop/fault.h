#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal::shop {

// The ways in which a service can be broken on purpose.
enum class FaultMode {
  kNone,       // Ends the fault there is.
  kCrash,      // The process ends at once, in the middle of its requests.
  kHang,       // Nothing is answered any more, /health and /metrics neither: a deadlock.
  kLatency,    // A share of the workers is stuck and the rest is slow: capacity is lost.
  kErrors,     // A share of the requests is answered with 500.
  kCpu,        // A share of one core is burnt.
  kMemory,     // Memory grows up to an amount.
  kLogErrors,  // A share of the requests writes an error line, though it is served.
};

std::string_view ToString(FaultMode mode);

struct Fault {
  FaultMode mode = FaultMode::kHang;
  Duration duration = std::chrono::seconds(60);
  double rate = 0.0;        // The share that its mode speaks of.
  Duration service_time{};  // kLatency: what a request takes meanwhile.
  uint64_t bytes = 0;       // kMemory.

  bool operator==(const Fault&) const = default;
};

// From the query of /fault?mode=&duration=&rate=&amount=; without a mode it is a hang. An error
// says what was expected.
Result<Fault> ParseFault(const std::map<std::string, std::string>& query);

// From a file with what stands behind /fault?, such as "mode=errors&rate=0.5&duration=10m". Nothing
// where there is no such file.
Result<std::optional<Fault>> ReadFaultFile(const std::string& path);

// "latency for 30s: 50 % of the workers are lost, a request takes 250ms"
std::string Describe(const Fault& fault);

}  // namespace promheal::shop
