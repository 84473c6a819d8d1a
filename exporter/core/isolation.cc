#include "exporter/core/isolation.h"

#include <cmath>

namespace promheal::anomaly {
namespace {

double Statistic(double forest_score, double range_factor) {
  const double depth_ratio = -std::log2(forest_score);
  return -std::log(range_factor * depth_ratio);
}

}  // namespace

Isolation Isolate(const IsolationForest& forest, const RangeBounds& bounds,
                  const Eigen::Ref<const Eigen::RowVectorXd>& context_row) {
  Isolation isolation;
  isolation.range = ComputeRangeFactor(bounds, context_row);
  isolation.statistic = Statistic(forest.Score(context_row), isolation.range.factor);
  return isolation;
}

std::vector<double> IsolationStatistics(const IsolationForest& forest, const RangeBounds& bounds,
                                        const Eigen::Ref<const Eigen::MatrixXd>& context_rows) {
  const Eigen::VectorXd scores = forest.ScoreBatch(context_rows);
  std::vector<double> statistics;
  statistics.reserve(static_cast<size_t>(scores.size()));
  for (Eigen::Index i = 0; i < scores.size(); ++i) {
    const Eigen::RowVectorXd row = context_rows.row(i);
    statistics.push_back(Statistic(scores(i), ComputeRangeFactor(bounds, row).factor));
  }
  return statistics;
}

double IsolationScore(double statistic) { return std::exp2(-std::exp(-statistic)); }

}  // namespace promheal::anomaly
