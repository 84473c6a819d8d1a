#pragma once

#include <Eigen/Core>
#include <span>

#include "exporter/core/forest/compact_forest.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {

// The score of one row; NaN where no value is present.
double ScoreRow(const CompactForest& forest, std::span<const FeatureScale> scales,
                const ScoreKernel& kernel, const Row& row);

// One score a row, the same numbers as ScoreRow gives, to the bit. From a few hundred rows on the
// forest is laid out for it (heap_forest.h), which costs about 0.2 ms. Nothing is allocated after,
// but for rows of very many features of which some are missing (scaled_row.h).
void ScoreRows(const CompactForest& forest, std::span<const FeatureScale> scales,
               const ScoreKernel& kernel, const Samples& rows, Eigen::Ref<Eigen::VectorXd> scores);

}  // namespace promheal::anomaly
