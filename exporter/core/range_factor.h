#pragma once

#include <Eigen/Core>

namespace promheal::anomaly {

// An isolation forest saturates: outside its training data 100 times the maximum isolates no faster
// than the maximum. The range factor carries on where the forest stops. With lo_j and hi_j robust
// quantiles of column j in clean training rows,
//
//   e_j = max(0, x_j - hi_j, lo_j - x_j) / (hi_j - lo_j)        how many ranges out of range
//   f   = min_j 1 / (1 + e_j)                                   (kMin)
//   f   = mean_j 1 / (1 + e_j)                                  (kMean)
//
// and the isolation score becomes 2^(-f E[h] / c): the classic one inside, growing without bound
// towards 1 outside.
enum class RangeForm {
  kMin,   // One column far out is enough. The form to use.
  kMean,  // Where columns are many against rows some column is always a little out.
};

struct RangeBounds {
  Eigen::RowVectorXd lower;
  Eigen::RowVectorXd upper;
  Eigen::RowVectorXd width;  // upper - lower, but at least the given minimum: constants have none.
  RangeForm form = RangeForm::kMin;
};

struct RangeFactor {
  double factor = 1.0;  // f, in (0, 1]; 1 = everything is in range.
  int column = -1;      // The column farthest out; -1 = none is out.
};

// The bounds are the `tail` and 1 - `tail` quantiles of each column (rows = samples, NaN =
// missing), so that a share of stray spikes in training does not widen them; `minimum_width` has
// one value a column. kMean where there are more columns than rows.
RangeBounds FitRangeBounds(const Eigen::Ref<const Eigen::MatrixXd>& rows, double tail,
                           const Eigen::Ref<const Eigen::RowVectorXd>& minimum_width);

// NaN in `row` or in a bound counts as in range.
RangeFactor ComputeRangeFactor(const RangeBounds& bounds,
                               const Eigen::Ref<const Eigen::RowVectorXd>& row);

}  // namespace promheal::anomaly
