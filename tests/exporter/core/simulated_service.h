#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <deque>
#include <random>
#include <vector>

#include "common/base/time.h"
#include "exporter/core/feature.h"
#include "exporter/core/feature_table.h"

namespace promheal::anomaly {

// Feature values of a small simulated web service: Poisson arrivals, optionally in waves;
// log-normal latencies with rare spikes; rates over three intervals. Deterministic for a seed.
class SimulatedService {
 public:
  struct Faults {
    double traffic = 1.0;      // Factor on arrivals.
    double latency = 1.0;      // Factor on latencies.
    double error_ratio = 0.0;  // Share of requests that fail.
  };

  SimulatedService(uint64_t seed, bool waves) : generator_(seed), waves_(waves) {}

  // requests (both directions), errors (up), latency (up), cpu (up).
  static FeatureSet Features();

  // The sample two seconds later, with these faults.
  Eigen::RowVectorXd Next(const Faults& faults);

  static constexpr Duration kInterval = std::chrono::seconds(2);

 private:
  struct Tick {
    double errors = 0.0;
    std::vector<double> latencies;
  };

  double Uniform() { return std::generate_canonical<double, 53>(generator_); }
  double Normal();
  int Poisson(double mean);

  std::mt19937_64 generator_;
  bool waves_;
  double seconds_ = 0.0;
  std::deque<Tick> ticks_;
};

// kPresent for each value, or kUndefined for NaN.
std::vector<CellState> StatesOf(const Eigen::RowVectorXd& values);

}  // namespace promheal::anomaly
