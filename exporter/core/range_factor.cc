#include "exporter/core/range_factor.h"

#include <algorithm>
#include <vector>

#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

// e_j. Comparisons with NaN are false, so a missing value counts as in range.
double Excess(const RangeBounds& bounds, double x, Eigen::Index j) {
  if (x > bounds.upper(j)) return (x - bounds.upper(j)) / bounds.width(j);
  if (x < bounds.lower(j)) return (bounds.lower(j) - x) / bounds.width(j);
  return 0.0;
}

}  // namespace

RangeBounds FitRangeBounds(const Eigen::Ref<const Eigen::MatrixXd>& rows, double tail,
                           const Eigen::Ref<const Eigen::RowVectorXd>& minimum_width) {
  RangeBounds bounds;
  bounds.lower.resize(rows.cols());
  bounds.upper.resize(rows.cols());
  for (Eigen::Index j = 0; j < rows.cols(); ++j) {
    const std::vector<double> ascending = SortedPresent(rows.col(j));
    bounds.lower(j) = QuantileOfSorted(ascending, tail);
    bounds.upper(j) = QuantileOfSorted(ascending, 1.0 - tail);
  }
  bounds.width = (bounds.upper - bounds.lower).cwiseMax(minimum_width);
  bounds.form = rows.cols() > rows.rows() ? RangeForm::kMean : RangeForm::kMin;
  return bounds;
}

RangeFactor ComputeRangeFactor(const RangeBounds& bounds,
                               const Eigen::Ref<const Eigen::RowVectorXd>& row) {
  RangeFactor result;
  double largest = 0.0;
  double sum = 0.0;
  for (Eigen::Index j = 0; j < row.size(); ++j) {
    const double excess = Excess(bounds, row(j), j);
    sum += 1.0 / (1.0 + excess);
    if (excess > largest) {
      largest = excess;
      result.column = static_cast<int>(j);
    }
  }
  const bool mean = bounds.form == RangeForm::kMean && row.size() > 0;
  result.factor = mean ? sum / static_cast<double>(row.size()) : 1.0 / (1.0 + largest);
  return result;
}

}  // namespace promheal::anomaly
