#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>

#include "exporter/core/feature.h"
#include "tests/bench/fleet/simulated_target.h"

namespace promheal::anomaly {

// Rates over four steps from the scrapes of one target; a counter that falls began anew at 0. Where
// scrapes failed they rest on fewer steps, or, with `whole_windows`, requests and CPU are missing
// until the window is whole again, as they are where the exporter reads them from Prometheus.
class FeatureRows {
 public:
  FeatureRows(Duration step, bool whole_windows);

  // request_rate, error_ratio, latency_p95, cpu; with the minimum deviations of the presets or with
  // none.
  static FeatureSet Features(bool with_minimums);

  // The row of this step, NaN where there is no value; nothing where the scrape failed or the rates
  // have no two scrapes to rest on.
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
