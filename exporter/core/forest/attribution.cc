#include "exporter/core/forest/attribution.h"

#include <vector>

#include "exporter/core/forest/partial_walk.h"
#include "exporter/core/forest/scaled_row.h"
#include "exporter/core/forest/score_scale.h"

namespace promheal::anomaly {

Explanation ExplainRow(const CompactForest& forest, std::span<const FeatureScale> scales,
                       const ScoreKernel& kernel, const Row& row) {
  const ScaledRow scaled(scales, row);
  Explanation explanation{.baseline = 1, .contributions = Eigen::VectorXd::Zero(row.size())};
  if (scaled.present() < scales.size()) {
    const PartialWalk walk =
        WalkPartialRow(forest.View(), scaled.values(), explanation.contributions.data());
    explanation.baseline += forest.scale().per_unit * walk.unexplained;
  } else {
    std::vector<std::int64_t> contributions(scales.size());
    kernel.rows.explain(forest.View(), scaled.values(), contributions.data());
    for (std::size_t f = 0; f < contributions.size(); ++f) {
      explanation.contributions[static_cast<Eigen::Index>(f)] =
          static_cast<double>(contributions[f]);
    }
  }
  explanation.contributions *= -forest.scale().per_unit;
  return explanation;
}

}  // namespace promheal::anomaly
