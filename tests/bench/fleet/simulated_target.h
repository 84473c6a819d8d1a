#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "common/base/time.h"
#include "exporter/core/forest/random.h"

namespace promheal::anomaly {

// What is wrong with a target for a while.
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

// What a scrape of the target says: counters, which may fall back to 0, and gauges.
struct Scrape {
  double requests_total = 0.0;
  double errors_total = 0.0;
  double cpu_seconds_total = 0.0;
  double latency_p95_seconds = 0.0;  // Over the last four steps; NaN without a request.
  double memory_bytes = 0.0;
};

// One service as a whole fleet has them: Poisson arrivals whose rate follows the day, the week, a
// drift over weeks and correlated noise; latencies that rise with load and sometimes hiccup;
// errors; CPU in proportion to requests; memory that grows from deploy to deploy; deploys that
// shift latency and CPU for good and reset counters; scrapes that fail for minutes. One target in
// ten is sparse (a request in a minute or less); in one of seven the training days hold faults that
// nobody labelled. Deterministic from (seed, index).
class SimulatedTarget {
 public:
  SimulatedTarget(const SimulationOptions& options, int index);

  // The next step's scrape; nothing where it failed. The first is at options.start + step.
  std::optional<Scrape> Next();
  Time now() const { return now_; }  // Of the last step.

  Rhythm rhythm() const { return rhythm_; }
  bool sparse() const { return sparse_; }
  const std::vector<Fault>& faults() const { return faults_; }          // In order of time.
  const std::vector<Fault>& unlabelled() const { return unlabelled_; }  // During training.
  const std::vector<Time>& deploys() const { return deploys_; }

 private:
  // Noise that forgets within about `memory`.
  struct Noise {
    double deviation = 0.0;
    double memory_seconds = 600.0;
    double value = 0.0;
  };

  void PlanFaults();
  void PlanDeploysAndGaps();
  double Load() const;  // Of the present time, relative to the base rate.
  double Uniform(double low, double high) { return low + (high - low) * random_.Unit(); }
  double Normal();
  double Poisson(double mean);
  double Step(Noise& noise);
  void Deploy();
  // How far the fault of this kind has come, 0 to 1; 0 where there is none.
  double Active(FaultKind kind) const;

  SimulationOptions options_;
  Random random_;
  Time now_;
  Rhythm rhythm_;
  bool sparse_;
  double base_rate_, day_amplitude_, weekend_, batch_factor_, growth_;
  double peak_hour_, error_ratio_, latency_seconds_, cpu_per_request_, memory_bytes_, leak_;
  double hiccup_;  // How often a step has one.
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
