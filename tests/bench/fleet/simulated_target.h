#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/time.h"
#include "exporter/core/forest/random.h"

namespace promheal::anomaly {

// Kinds of faults that a target has for a while.
enum class FaultKind { kSpike, kDrop, kSlowDrift, kLatency, kErrors, kBrokenRelation };
inline constexpr int kFaultKinds = 6;
std::string_view ToString(FaultKind kind);

struct Fault {
  FaultKind kind = FaultKind::kSpike;
  Time begin;
  Time end;
};

// How the load of a target moves.
enum class Rhythm { kSteady, kDay, kDayAndWeek, kDailyBatch };
inline constexpr int kRhythms = 4;
std::string_view ToString(Rhythm rhythm);

struct SimulationOptions {
  uint64_t seed = 1;
  Time start = Time(std::chrono::seconds(1'767'571'200));  // Monday, 2026-01-05, 00:00 UTC.
  Duration step = std::chrono::minutes(1);
  int days = 28;
  int training_days = 7;  // Labelled faults come later.
};

// The values of a scrape: counters, which may fall back to 0, and gauges.
struct Scrape {
  double requests_total = 0.0;
  double errors_total = 0.0;
  double cpu_seconds_total = 0.0;
  double latency_p95_seconds = 0.0;  // Over the last four steps; NaN without a request.
  double memory_bytes = 0.0;
};

// A simulated service of a fleet: Poisson arrivals whose rate follows the day, the week, a drift
// over weeks and correlated noise; latencies that rise with load and have rare spikes; errors; CPU
// in proportion to requests; memory that grows between deploys; deploys that shift latency and CPU
// permanently and reset counters; scrapes that fail for minutes. Every tenth target is sparse (a
// few requests a minute or less). About every seventh has unlabelled faults during the training
// days. Deterministic for a seed and index.
class SimulatedTarget {
 public:
  SimulatedTarget(const SimulationOptions& options, int index);

  // The next step's scrape; nullopt if it failed. The first step is at options.start + step.
  std::optional<Scrape> Next();
  Time now() const { return now_; }  // Time of the last step.

  Rhythm rhythm() const { return rhythm_; }
  bool sparse() const { return sparse_; }
  const std::vector<Fault>& faults() const { return faults_; }          // In order of time.
  const std::vector<Fault>& unlabelled() const { return unlabelled_; }  // During training.
  const std::vector<Time>& deploys() const { return deploys_; }

 private:
  // Noise whose correlation decays within about `memory_seconds`.
  struct Noise {
    double deviation = 0.0;
    double memory_seconds = 600.0;
    double value = 0.0;
  };

  void PlanFaults();
  void PlanDeploysAndGaps();
  double Load() const;  // The load now, relative to the base rate.
  double Uniform(double low, double high) { return low + (high - low) * random_.Unit(); }
  double Normal();
  double Poisson(double mean);
  double Step(Noise& noise);
  void Deploy();
  // The strength of an active fault of this kind, 0 to 1; 0 if there is none.
  double Active(FaultKind kind) const;

  SimulationOptions options_;
  Random random_;
  Time now_;
  Rhythm rhythm_;
  bool sparse_;
  double base_rate_, day_amplitude_, weekend_, batch_factor_, growth_;
  double peak_hour_, error_ratio_, latency_seconds_, cpu_per_request_, memory_bytes_, leak_;
  double hiccup_;  // Probability of a latency spike in a step.
  double latency_factor_ = 1.0;
  double cpu_factor_ = 1.0;
  double since_deploy_seconds_ = 0.0;
  Noise load_noise_, latency_noise_, cpu_noise_, error_noise_;
  double recent_requests_[4] = {};
  int ticks_ = 0;
  Scrape counters_;
  std::vector<Fault> faults_, unlabelled_, gaps_;
  std::vector<Time> deploys_;
  size_t next_deploy_ = 0;
};

}  // namespace promheal::anomaly
