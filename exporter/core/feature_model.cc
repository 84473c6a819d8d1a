#include "exporter/core/feature_model.h"

#include <algorithm>

#include "exporter/core/statistics/robust_statistics.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

constexpr double kBandTail = 0.005;

// Unit-free, so it serves all features: a standard deviation is at least about 1 % of a typical
// value, even if the feature has hardly moved so far.
constexpr double kSmallestDeviation = 0.01;

// Prior mean excess over the 90 % quantile, used until many excesses were seen: in standard
// deviations (it is 0.47 for the normal distribution, 0.03 for a sine) and in minimum deviations
// (the user's idea of a large deviation). Chosen by simulation of waves, shot noise, and faults
// after one minute.
constexpr double kPriorExcessOfDeviation = 0.1;
constexpr double kPriorExcessOfMinimum = 0.125;

TailModel FitResidualTail(const Eigen::VectorXd& residuals, double deviation_scale,
                          double minimum_residual) {
  TailOptions options;
  options.prior_excess =
      std::max(kPriorExcessOfDeviation * deviation_scale, kPriorExcessOfMinimum * minimum_residual);
  return FitTail({residuals.begin(), residuals.end()}, options);
}

}  // namespace

FeatureModel FitFeatureModel(const FeatureSpec& spec, double unit,
                             const Eigen::Ref<const Eigen::VectorXd>& unit_free,
                             const Eigen::Ref<const Eigen::VectorXd>& residuals,
                             int minimum_samples) {
  FeatureModel feature;
  feature.unit = unit;
  const std::vector<double> ascending = SortedPresent(residuals);
  if (static_cast<int>(ascending.size()) < minimum_samples) return feature;

  feature.usable = true;
  feature.never_negative = !(unit_free.array() < 0.0).any();
  feature.centre = Median(unit_free);
  feature.deviation_scale = std::max(RobustStandardDeviation(residuals), kSmallestDeviation);
  feature.lower_residual = QuantileOfSorted(ascending, kBandTail);
  feature.upper_residual = QuantileOfSorted(ascending, 1.0 - kBandTail);
  const MinimumResiduals minimum = MinimumResidualsAt(spec, unit, feature.centre);
  feature.above = FitResidualTail(residuals, feature.deviation_scale, minimum.above);
  feature.below = FitResidualTail(-residuals, feature.deviation_scale, minimum.below);
  return feature;
}

MinimumResiduals MinimumResidualsAt(const FeatureSpec& spec, double unit,
                                    double expected_unit_free) {
  const double expected = FromUnitFree(expected_unit_free, unit);
  const double minimum = MinimumDeviation(spec, expected);
  return {ToUnitFree(expected + minimum, unit) - expected_unit_free,
          expected_unit_free - ToUnitFree(expected - minimum, unit)};
}

}  // namespace promheal::anomaly
