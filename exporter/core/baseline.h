#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace promheal::anomaly {

// The adaptive baseline of a feature is the median of its latest accepted samples. It follows
// drifts and daily cycles that are slow compared with its horizon, and ignores short disturbances.
// It does not follow an anomaly, because samples of an anomaly are not accepted. All values are
// unit-free.

// The expected value of each column, from the latest accepted rows (rows = samples). NaN if a
// column has no value.
Eigen::RowVectorXd ExpectedValues(const Eigen::Ref<const Eigen::MatrixXd>& latest_rows);

// The residuals of accepted rows (oldest first) as they were at their time: row i minus the median
// of up to `horizon` rows before it in the same regime. The first `horizon` rows of a regime have
// too few rows before them, so the median of these first rows serves them all. NaN stays NaN.
Eigen::MatrixXd HistoryResiduals(const Eigen::Ref<const Eigen::MatrixXd>& rows,
                                 const std::vector<int32_t>& regimes, int horizon);

}  // namespace promheal::anomaly
