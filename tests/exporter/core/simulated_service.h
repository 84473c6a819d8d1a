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

// What Prometheus would say about a small web service, sampled as often as its rate windows allow:
// Poisson arrivals, optionally in waves, log-normal latencies with hiccups, rates over three
// intervals. Deterministic from its seed.
class SimulatedService {
 public:
  struct Faults {
    double traffic = 1.0;      // Factor on arrivals.
    double latency = 1.0;      // Factor on latencies.
    double error_ratio = 0.0;  // Share of requests that fail.
  };

  SimulatedService(uint64_t seed, bool waves) : generator_(seed), waves_(waves) {}

  // requests (both ways), errors (up), latency (up), cpu (up).
  static FeatureSet Features();

  // The next sample: two seconds later, with these faults.
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

// All present, or undefined where NaN.
std::vector<CellState> StatesOf(const Eigen::RowVectorXd& values);

}  // namespace promheal::anomaly
