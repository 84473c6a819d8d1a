#pragma once

#include <Eigen/Core>
#include <vector>

#include "exporter/core/forest/isolation_forest.h"
#include "exporter/core/range_factor.h"

namespace promheal::anomaly {

// The forest and the range factor together. E[h] / c is the row's mean depth in units of an average
// sample's depth, f is the range factor, and the statistic is t = -ln(f E[h] / c). Unlike the
// score, which ends at 1, it has no upper end, and over ordinary samples its tail is about
// exponential. NaN for a row without any present value.
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
