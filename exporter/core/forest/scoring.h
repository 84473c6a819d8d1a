#pragma once

#include <Eigen/Core>
#include <span>

#include "exporter/core/forest/compact_forest.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {

// The score of a row; NaN if no value is present.
double ScoreRow(const CompactForest& forest, std::span<const FeatureScale> scales,
                const ScoreKernel& kernel, const Row& row);

// A score for each row, the same to the bit as ScoreRow's. From 256 rows on, it first converts the
// forest (heap_forest.h), which costs about 0.2 ms. After that it allocates nothing, except for
// rows with missing values and more than 64 features (scaled_row.h).
void ScoreRows(const CompactForest& forest, std::span<const FeatureScale> scales,
               const ScoreKernel& kernel, const Samples& rows, Eigen::Ref<Eigen::VectorXd> scores);

}  // namespace promheal::anomaly
