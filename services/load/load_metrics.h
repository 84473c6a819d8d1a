#pragma once

#include <prometheus/collectable.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace promheal::shop {

// The outcome of a request for the user who sent it.
enum class LoadOutcome {
  kSuccess,  // An answer below 500, except 429.
  kError,    // 5xx, or 429: shed.
  kTimeout,  // No answer in time, or the gateway said so (504).
  kLost,  // No answer at all: refused, broken off, or never sent because too many were in flight.
};
std::string_view ToString(LoadOutcome outcome);

// The users' view of the shop, on /metrics. Thread safety: any thread.
class LoadMetrics {
 public:
  LoadMetrics();
  ~LoadMetrics();

  void SetTargetRate(double requests_per_second);
  void CountOffered(const std::string& service);
  void Observe(const std::string& service, LoadOutcome outcome, std::chrono::nanoseconds duration);
  // A request that was never sent: it has no duration.
  void CountNotSent(const std::string& service);

  struct Totals {
    double offered = 0;
    double success = 0;
  };
  Totals totals() const;

  // For MetricsRoute.
  std::vector<std::shared_ptr<prometheus::Collectable>> sources() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace promheal::shop
