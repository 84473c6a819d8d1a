#pragma once

#include <prometheus/collectable.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/http/http_server.h"
#include "common/io/log.h"
#include "services/shop/shop_description.h"
#include "services/shop/worker_pool.h"

namespace promheal::shop {

// The outcome of a call for the caller.
enum class Outcome { kSuccess, kError, kTimeout };
std::string_view ToString(Outcome outcome);

// The buckets of all latency histograms: 1 ms to 10 s, finest around healthy requests.
std::vector<double> LatencyBuckets();

// The limits of a service, as of a container; 0: no limit.
struct ResourceLimits {
  uint64_t memory_bytes = 0;
  double cpu_cores = 0.0;
};

// A service's own metrics. Series with known labels exist from the start, so that Prometheus sees
// their first increase. Thread safety: any thread.
class ShopMetrics {
 public:
  // `workers` must outlive it.
  ShopMetrics(const ShopDescription& shop, const WorkerPool& workers, ResourceLimits limits = {});
  ~ShopMetrics();

  // Counts one request in flight while it lives.
  class InFlight {
   public:
    explicit InFlight(ShopMetrics* metrics);
    ~InFlight();
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

   private:
    ShopMetrics* metrics_;
  };

  // Ignores /health, /metrics and /fault; unknown paths become route="other".
  void ObserveRequest(const HttpExchange& exchange);
  void ObserveCall(std::string_view callee, Outcome outcome, std::chrono::nanoseconds duration);
  void CountLogMessage(LogLevel level);

  // For MetricsRoute.
  std::vector<std::shared_ptr<prometheus::Collectable>> sources() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Passes all messages on to `next` and counts those at least as severe as `least`. Both references
// must outlive the logger.
std::unique_ptr<Logger> MakeCountingLogger(Logger& next, LogLevel least, ShopMetrics& metrics);

}  // namespace promheal::shop
