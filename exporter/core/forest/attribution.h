#pragma once

#include <Eigen/Core>
#include <span>

#include "exporter/core/forest/compact_forest.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {

// Why a row scores as it does: -log2(score) = baseline - sum(contributions).
//
// At a node with n samples at depth k, the expected path length is k + c(n). A cut on feature f
// that leads the row to a child with m samples changes it by 1 + c(m) - c(n). The change is below 0
// if the cut removed more samples than a random cut does on average. Changes are summed for each
// feature over the row's path down every tree. They lead from c(psi) at the root, which is 1 in
// units of c(psi), to the path length; so contributions add up exactly, except for rounding. Unlike
// Shapley values, which cost a thousand times as much, they depend on the order of the cuts.
struct Explanation {
  double baseline = 0;            // 1 plus the change of the path length by missing values.
  Eigen::VectorXd contributions;  // One a feature; positive if it made the row easier to isolate.
};

Explanation ExplainRow(const CompactForest& forest, std::span<const FeatureScale> scales,
                       const ScoreKernel& kernel, const Row& row);

}  // namespace promheal::anomaly
