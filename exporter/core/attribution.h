#pragma once

#include <Eigen/Core>

#include "exporter/core/isolation.h"
#include "exporter/core/model.h"

namespace promheal::anomaly {

// How much of what makes a row unusual is each feature's: non-negative shares that add up to 1, or
// all 0 where nothing stands out. All parts are evidence in nats beyond the ordinary, so that they
// can be added:
//  - each feature's own tail, of its residual;
//  - the forest's, divided over features as they shorten the path: the path deltas of the columns
//    of a feature (additive; not Shapley values), and for the column that attains the minimum in
//    the range factor the part (1 - f) by which it shortens the whole path.
Eigen::RowVectorXd Attribute(const Model& model,
                             const Eigen::Ref<const Eigen::RowVectorXd>& residuals,
                             const Eigen::Ref<const Eigen::RowVectorXd>& context_row,
                             const Isolation& isolation);

}  // namespace promheal::anomaly
