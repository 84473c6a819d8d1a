#pragma once

#include <Eigen/Core>

namespace promheal::anomaly {

// An isolation forest saturates: beyond its training data, 100 times the maximum is isolated no
// faster than the maximum. The range factor continues there. With lo_j and hi_j robust quantiles of
// column j in clean training rows,
//
//   e_j = max(0, x_j - hi_j, lo_j - x_j) / (hi_j - lo_j)        how many ranges out of range
//   f   = min_j 1 / (1 + e_j)                                   (kMin)
//   f   = mean_j 1 / (1 + e_j)                                  (kMean)
//
// and the isolation score becomes 2^(-f E[h] / c): the classic score within the range, growing
// towards 1 beyond it.
enum class RangeForm {
  kMin,   // A single column far out is enough. The usual form.
  kMean,  // For more columns than rows: then some column is always slightly out of range.
};

struct RangeBounds {
  Eigen::RowVectorXd lower;
  Eigen::RowVectorXd upper;
  Eigen::RowVectorXd width;  // upper - lower, at least the given minimum: a constant has width 0.
  RangeForm form = RangeForm::kMin;
};

struct RangeFactor {
  double factor = 1.0;  // f, in (0, 1]; 1 = everything is in range.
  int column = -1;      // The column farthest out; -1 = all are in range.
};

// The bounds are the `tail` and 1 - `tail` quantiles of each column (rows = samples, NaN =
// missing), so that a few stray spikes in training do not widen them. `minimum_width` has one value
// a column. The form is kMean if there are more columns than rows.
RangeBounds FitRangeBounds(const Eigen::Ref<const Eigen::MatrixXd>& rows, double tail,
                           const Eigen::Ref<const Eigen::RowVectorXd>& minimum_width);

// NaN in `row` or in a bound counts as in range.
RangeFactor ComputeRangeFactor(const RangeBounds& bounds,
                               const Eigen::Ref<const Eigen::RowVectorXd>& row);

}  // namespace promheal::anomaly
