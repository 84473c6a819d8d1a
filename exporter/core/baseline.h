#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

namespace promheal::anomaly {

// The adaptive baseline of a feature is the median of the latest accepted samples: it follows
// drifts and daily cycles that are slow against its horizon, ignores short disturbances, and, since
// samples of an anomaly are not accepted, does not follow an anomaly. All values are unit-free.

// One expected value a column from the latest accepted rows (rows = samples); NaN where a column
// has no value.
Eigen::RowVectorXd ExpectedValues(const Eigen::Ref<const Eigen::MatrixXd>& latest_rows);

// The residuals that a history of accepted rows (oldest first) had at its time: row i minus the
// median of the up to `horizon` rows before it in the same regime. The first `horizon` rows of a
// regime share the median of all of them, since too few came before. NaN stays NaN.
Eigen::MatrixXd HistoryResiduals(const Eigen::Ref<const Eigen::MatrixXd>& rows,
                                 const std::vector<int32_t>& regimes, int horizon);

}  // namespace promheal::anomaly
