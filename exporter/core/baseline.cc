#include "exporter/core/baseline.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

// The median of a changing set. A sorted array is fast enough for some hundred values.
class RunningMedian {
 public:
  void Add(double value) {
    if (std::isnan(value)) return;
    sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), value), value);
  }
  void Remove(double value) {
    if (std::isnan(value)) return;
    sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), value));
  }
  double Value() const { return QuantileOfSorted(sorted_, 0.5); }

 private:
  std::vector<double> sorted_;
};

// Residuals of rows [begin, end), which belong to the same regime.
void FillRegime(const Eigen::Ref<const Eigen::VectorXd>& values, Eigen::Index begin,
                Eigen::Index end, Eigen::Index horizon, Eigen::Ref<Eigen::VectorXd> residuals) {
  RunningMedian median;
  const Eigen::Index shared = std::min(begin + horizon, end);
  for (Eigen::Index i = begin; i < shared; ++i) median.Add(values(i));
  for (Eigen::Index i = begin; i < shared; ++i) residuals(i) = values(i) - median.Value();
  for (Eigen::Index i = shared; i < end; ++i) {
    residuals(i) = values(i) - median.Value();
    median.Add(values(i));
    median.Remove(values(i - horizon));
  }
}

}  // namespace

Eigen::RowVectorXd ExpectedValues(const Eigen::Ref<const Eigen::MatrixXd>& latest_rows) {
  Eigen::RowVectorXd expected(latest_rows.cols());
  for (Eigen::Index j = 0; j < latest_rows.cols(); ++j) expected(j) = Median(latest_rows.col(j));
  return expected;
}

Eigen::MatrixXd HistoryResiduals(const Eigen::Ref<const Eigen::MatrixXd>& rows,
                                 const std::vector<int32_t>& regimes, int horizon) {
  assert(static_cast<Eigen::Index>(regimes.size()) == rows.rows() && horizon > 0);
  Eigen::MatrixXd residuals(rows.rows(), rows.cols());
  Eigen::Index begin = 0;
  while (begin < rows.rows()) {
    Eigen::Index end = begin + 1;
    while (end < rows.rows() &&
           regimes[static_cast<size_t>(end)] == regimes[static_cast<size_t>(begin)]) {
      ++end;
    }
    for (Eigen::Index j = 0; j < rows.cols(); ++j) {
      FillRegime(rows.col(j), begin, end, horizon, residuals.col(j));
    }
    begin = end;
  }
  return residuals;
}

}  // namespace promheal::anomaly
