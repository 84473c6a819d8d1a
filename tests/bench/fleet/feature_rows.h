#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>

#include "exporter/core/feature.h"
#include "tests/bench/fleet/simulated_target.h"

namespace promheal::anomaly {

// Rates over four steps, as Prometheus would compute them from the scrapes of one target: a counter
// that falls began anew at 0.
class FeatureRows {
 public:
  explicit FeatureRows(Duration step);

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
  std::optional<Scrape> last_;
  std::array<Increase, kWindow> increases_;
  size_t ticks_ = 0;
};

}  // namespace promheal::anomaly
