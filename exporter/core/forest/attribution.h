#pragma once

#include <Eigen/Core>
#include <span>

#include "exporter/core/forest/compact_forest.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {

// Why a row scores as it does: -log2(score) = baseline - sum(contributions).
//
// A node with n samples at depth k lets expect a path of length k + c(n). A cut on feature f that
// leads the row to a child with m of them changes that by 1 + c(m) - c(n): below 0 where the cut
// took away more than a random cut does on average. These changes are added up for each feature,
// over the way of the row down every tree; they begin at c(psi), which is 1 in units of c(psi), and
// end at the path length. Additive but for the rounding of a double. The order of the cuts plays a
// part, unlike for Shapley values, which cost a thousand times as much.
struct Explanation {
  double baseline = 0;            // 1; where values are missing, with what lacking them changes.
  Eigen::VectorXd contributions;  // Per feature; positive where it made the row easier to isolate.
};

Explanation ExplainRow(const CompactForest& forest, std::span<const FeatureScale> scales,
                       const ScoreKernel& kernel, const Row& row);

}  // namespace promheal::anomaly
