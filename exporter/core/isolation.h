#pragma once

#include <Eigen/Core>
#include <vector>

#include "exporter/core/forest/isolation_forest.h"
#include "exporter/core/range_factor.h"

namespace promheal::anomaly {

// The forest and the range factor together. With E[h] / c the row's mean depth in units of an
// average sample's and f the range factor, the statistic is t = -ln(f E[h] / c): it has no upper
// end, and its tail over ordinary samples is about exponential, which a score that ends at 1 cannot
// have. NaN for a row without any present value.
struct Isolation {
  double statistic = 0.0;
  RangeFactor range;
};

Isolation Isolate(const IsolationForest& forest, const RangeBounds& bounds,
                  const Eigen::Ref<const Eigen::RowVectorXd>& context_row);

// The statistics of many rows (rows = samples), the same to the bit as Isolate's; much faster from
// some hundred rows on.
std::vector<double> IsolationStatistics(const IsolationForest& forest, const RangeBounds& bounds,
                                        const Eigen::Ref<const Eigen::MatrixXd>& context_rows);

// The isolation score 2^(-f E[h] / c) = 2^(-e^-t), in (0, 1).
double IsolationScore(double statistic);

}  // namespace promheal::anomaly
