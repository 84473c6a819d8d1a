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

// How a call came out, as the caller sees it.
enum class Outcome { kSuccess, kError, kTimeout };
std::string_view ToString(Outcome outcome);

// Bounds that latency histograms have in common, 1 ms to 10 s, closest where healthy requests are.
std::vector<double> LatencyBuckets();

// What a service may use of the machine, as a container has it; 0: as much as there is.
struct ResourceLimits {
  uint64_t memory_bytes = 0;
  double cpu_cores = 0.0;
};

// What a service says about itself on /metrics. Series that are known beforehand exist from the
// start, so that their first increase is seen. Thread safety: any thread.
class ShopMetrics {
 public:
  // `workers` must outlive it.
  ShopMetrics(const ShopDescription& shop, const WorkerPool& workers, ResourceLimits limits = {});
  ~ShopMetrics();

  // One request in flight for as long as it lives.
  class InFlight {
   public:
    explicit InFlight(ShopMetrics* metrics);
    ~InFlight();
    InFlight(const InFlight&) = delete;
    InFlight& operator=(const InFlight&) = delete;

   private:
    ShopMetrics* metrics_;
  };

  // /health, /metrics and /fault are no traffic and do not count; unknown paths are route="other".
  void ObserveRequest(const HttpExchange& exchange);
  void ObserveCall(std::string_view callee, Outcome outcome, std::chrono::nanoseconds duration);
  void CountLogMessage(LogLevel level);

  // For MetricsRoute.
  std::vector<std::shared_ptr<prometheus::Collectable>> sources() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Passes everything on to `next` and counts what is at least as severe as `least`. Both references
// must outlive the logger.
std::unique_ptr<Logger> MakeCountingLogger(Logger& next, LogLevel least, ShopMetrics& metrics);

}  // namespace promheal::shop
