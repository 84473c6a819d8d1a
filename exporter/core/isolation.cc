#include "exporter/core/isolation.h"

#include <cmath>

namespace promheal::anomaly {

Isolation Isolate(const IsolationForest& forest, const RangeBounds& bounds,
                  const Eigen::Ref<const Eigen::RowVectorXd>& context_row) {
  Isolation isolation;
  isolation.range = ComputeRangeFactor(bounds, context_row);
  const double depth_ratio = -std::log2(forest.Score(context_row));
  isolation.statistic = -std::log(isolation.range.factor * depth_ratio);
  return isolation;
}

double IsolationScore(double statistic) { return std::exp2(-std::exp(-statistic)); }

}  // namespace promheal::anomaly
