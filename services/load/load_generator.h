#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "common/io/clock.h"
#include "common/io/http/http_client.h"
#include "services/load/arrivals.h"
#include "services/load/load_metrics.h"
#include "services/load/load_plan.h"
#include "services/load/request_mix.h"

namespace promheal::shop {

// Sends requests to the shop's gateway by a plan. The total time and the number of requests in
// flight are bounded. Thread safety: any thread.
class LoadGenerator {
 public:
  struct Options {
    std::string gateway_url = "http://127.0.0.1:3000";
    Duration timeout = std::chrono::seconds(4);  // Above the gateway's own 3 s.
    size_t max_in_flight = 128;
    Duration duration = std::chrono::hours(12);  // It sends nothing after this time.
    LoadPlan::Options plan;
    bool evenly_spaced = false;  // false: as independent users arrive.
    unsigned seed = 1;
  };

  // Starts at once. All references must outlive it.
  LoadGenerator(Options options, HttpClient& client, const Clock& clock, LoadMetrics& metrics);
  ~LoadGenerator();  // Waits for requests in flight.
  LoadGenerator(const LoadGenerator&) = delete;
  LoadGenerator& operator=(const LoadGenerator&) = delete;

  void Apply(const PatternChange& change);

  struct State {
    LoadPattern pattern = LoadPattern::kSteady;
    double rate = 0.0;  // Requests/s
    bool over = false;  // The time is up.
  };
  State state() const;

 private:
  void Arrive();
  void OfferDue(Duration elapsed);  // With mutex_ held.
  void SendAll();
  void SendOne(const MixedRequest& request);

  const Options options_;
  HttpClient& client_;
  const Clock& clock_;
  LoadMetrics& metrics_;
  const Duration start_;  // On the monotonic clock.

  mutable std::mutex mutex_;
  std::condition_variable stopping_changed_;
  std::condition_variable pending_changed_;
  LoadPlan plan_;
  Arrivals arrivals_;
  std::mt19937 choice_;
  std::deque<const MixedRequest*> pending_;  // At most as many as idle senders.
  size_t idle_senders_ = 0;
  bool stopping_ = false;

  std::vector<std::thread> senders_;
  std::thread arriving_;
};

}  // namespace promheal::shop
