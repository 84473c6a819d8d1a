#include "exporter/core/statistics/robust_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kNormalConsistency = 1.4826;  // 1 / the 3/4 quantile of the standard normal.

}  // namespace

std::vector<double> SortedPresent(const Eigen::Ref<const Eigen::VectorXd>& values) {
  std::vector<double> present;
  present.reserve(static_cast<size_t>(values.size()));
  for (const double value : values) {
    if (!std::isnan(value)) present.push_back(value);
  }
  std::sort(present.begin(), present.end());
  return present;
}

double QuantileOfSorted(const std::vector<double>& ascending, double level) {
  if (ascending.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double position = level * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, ascending.size() - 1);
  const double share = position - static_cast<double>(below);
  return ascending[below] + share * (ascending[above] - ascending[below]);
}

double Median(const Eigen::Ref<const Eigen::VectorXd>& values) {
  return QuantileOfSorted(SortedPresent(values), 0.5);
}

double RobustStandardDeviation(const Eigen::Ref<const Eigen::VectorXd>& values) {
  const double median = Median(values);
  return kNormalConsistency * Median((values.array() - median).abs().matrix());
}

}  // namespace promheal::anomaly
