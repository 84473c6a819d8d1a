#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>

#include "exporter/core/feature.h"
#include "tests/bench/fleet/simulated_target.h"

namespace promheal::anomaly {

// Feature rows from the scrapes of a target: rates over four steps. A counter that falls has
// restarted at 0. After failed scrapes, rates use fewer steps. With `whole_windows`, requests and
// CPU are instead missing until the window is whole again, as in the exporter with exporter.yml.
class FeatureRows {
 public:
  FeatureRows(Duration step, bool whole_windows);

  // request_rate, error_ratio, latency_p95, cpu; with minimum deviations as in presets, or without.
  static FeatureSet Features(bool with_minimums);

  // The row of this step; NaN for a missing value. nullopt if the scrape failed or there are no two
  // successive scrapes for rates.
  std::optional<Eigen::RowVectorXd> Next(const std::optional<Scrape>& scrape);

 private:
  static constexpr int kWindow = 4;

  struct Increase {
    bool known = false;
    double requests = 0.0;
    double errors = 0.0;
    double cpu_seconds = 0.0;
  };

  double step_seconds_;
  bool whole_windows_;
  std::optional<Scrape> last_;
  std::array<Increase, kWindow> increases_;
  size_t ticks_ = 0;
};

}  // namespace promheal::anomaly
