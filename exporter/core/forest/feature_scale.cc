#include "exporter/core/forest/feature_scale.h"

#include <algorithm>
#include <cmath>

namespace promheal::anomaly {
namespace {

// Reorders `values`. The scale is bounded so that neither it nor a product with it overflows or
// vanishes.
FeatureScale ScaleOf(std::vector<double>& values) {
  if (values.empty()) return {};
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double half_range = *high / 2 - *low / 2;
  if (!(half_range > 0)) return {.centre = *middle, .scale = 1};
  return {.centre = *middle,
          .scale = std::ldexp(1.0, std::clamp(-std::ilogb(half_range), -1000, 1000))};
}

}  // namespace

std::vector<FeatureScale> EstimateScales(const Samples& samples, std::uint32_t count,
                                         Random& random) {
  const auto rows = static_cast<std::uint32_t>(samples.rows());
  std::vector<Eigen::Index> drawn(count);
  for (Eigen::Index& row : drawn) row = random.Below(rows);

  std::vector<FeatureScale> scales;
  std::vector<double> values;
  for (Eigen::Index feature = 0; feature < samples.cols(); ++feature) {
    values.clear();
    for (const Eigen::Index row : drawn) {
      if (std::isfinite(samples(row, feature))) values.push_back(samples(row, feature));
    }
    scales.push_back(ScaleOf(values));
  }
  return scales;
}

}  // namespace promheal::anomaly
