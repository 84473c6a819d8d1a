#include "exporter/core/unit_free.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

constexpr double kUnitOfTypical = 0.25;

}  // namespace

double ToUnitFree(double value, double unit) {
  return std::copysign(std::log1p(std::abs(value) / unit), value);
}

double FromUnitFree(double unit_free, double unit) {
  return std::copysign(std::expm1(std::abs(unit_free)) * unit, unit_free);
}

double UnitOf(const Eigen::Ref<const Eigen::VectorXd>& values, double at_least) {
  std::vector<double> magnitudes = SortedPresent(values.cwiseAbs());
  if (magnitudes.empty()) return at_least > 0.0 ? at_least : 1.0;
  const double typical = QuantileOfSorted(magnitudes, 0.5);
  if (typical > 0.0 || at_least > 0.0) return std::max(kUnitOfTypical * typical, at_least);
  std::erase(magnitudes, 0.0);
  return magnitudes.empty() ? 1.0 : kUnitOfTypical * QuantileOfSorted(magnitudes, 0.5);
}

}  // namespace promheal::anomaly
