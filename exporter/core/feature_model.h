#pragma once

#include <Eigen/Core>
#include <vector>

#include "exporter/core/feature.h"
#include "exporter/core/season.h"
#include "exporter/core/tail/tail_model.h"

namespace promheal::anomaly {

// A feature of a target as training learnt it. "Unit-free" is u = sign(x) log(1 + |x| / unit), see
// unit_free.h. A residual is a unit-free value minus its season and the adaptive baseline.
struct FeatureModel {
  bool usable = false;         // Enough values were present; otherwise it is not scored.
  bool never_negative = true;  // No value was below 0; the expected band then ends at 0, too.
  double unit = 1.0;           // See unit_free.h.
  std::vector<SeasonalProfile> seasons;  // Subtracted first. Empty if no cycle was found.
  double centre = 0.0;                   // Median of the unit-free values minus their season.
  double deviation_scale = 1.0;          // One robust standard deviation of the residuals.
  double lower_residual = 0.0;  // The ordinary band: 0.5 % and 99.5 % quantiles of the residuals.
  double upper_residual = 0.0;
  TailModel above;  // Probability of a residual this high or higher.
  TailModel below;  // Fitted to negated residuals: probability of one this low or lower.

  bool operator==(const FeatureModel&) const = default;
};

// `unit_free` (with the season subtracted) and `residuals` have one row a sample; NaN = missing.
// With fewer than `minimum_samples` residuals the feature is not usable.
FeatureModel FitFeatureModel(const FeatureSpec& spec, double unit,
                             const Eigen::Ref<const Eigen::VectorXd>& unit_free,
                             const Eigen::Ref<const Eigen::VectorXd>& residuals,
                             int minimum_samples);

// The smallest residuals above and below `expected_unit_free` that count, both positive: the
// feature's minimum deviation in unit-free terms.
struct MinimumResiduals {
  double above = 0.0;
  double below = 0.0;
};
MinimumResiduals MinimumResidualsAt(const FeatureSpec& spec, double unit,
                                    double expected_unit_free);

}  // namespace promheal::anomaly
