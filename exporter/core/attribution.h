#pragma once

#include <Eigen/Core>

#include "exporter/core/isolation.h"
#include "exporter/core/model.h"

namespace promheal::anomaly {

// Each feature's share of the evidence that a row is unusual. Shares are at least 0 and add up to
// 1, or are all 0 if no feature stands out. All evidence is in nats beyond the ordinary, so it can
// be added:
//  - evidence of the feature's own tail, from its residual;
//  - the forest's evidence, divided over features as they shorten the path: the path deltas of the
//    feature's columns (additive; not Shapley values), and for the column farthest out of range
//    also (1 - f), by which the range factor shortens the whole path.
Eigen::RowVectorXd Attribute(const Model& model,
                             const Eigen::Ref<const Eigen::RowVectorXd>& residuals,
                             const Eigen::Ref<const Eigen::RowVectorXd>& context_row,
                             const Isolation& isolation);

}  // namespace promheal::anomaly
