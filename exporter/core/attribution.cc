#include "exporter/core/attribution.h"

#include <algorithm>

namespace promheal::anomaly {
namespace {

// Each feature's share of how much shorter than average the row's path is. The path is
// f E[h] / c = baseline - deltas - (1 - f) E[h] / c. The shares add up to 1, or are all 0.
Eigen::RowVectorXd PathShares(const Model& model,
                              const Eigen::Ref<const Eigen::RowVectorXd>& context_row,
                              const RangeFactor& range) {
  Eigen::RowVectorXd shares =
      Eigen::RowVectorXd::Zero(static_cast<Eigen::Index>(model.features.size()));
  const Explanation explanation = model.forest.Explain(context_row);
  for (size_t k = 0; k < model.columns.size(); ++k) {
    const double delta = explanation.contributions(static_cast<Eigen::Index>(k));
    shares(model.columns[k].feature) += std::max(0.0, delta);
  }
  if (range.column >= 0) {
    const double depth_ratio = explanation.baseline - explanation.contributions.sum();
    const int feature = model.columns[static_cast<size_t>(range.column)].feature;
    shares(feature) += (1.0 - range.factor) * depth_ratio;
  }
  const double total = shares.sum();
  return total > 0.0 ? Eigen::RowVectorXd(shares / total) : shares;
}

double TailNats(const FeatureSpec& spec, const FeatureModel& feature, double residual) {
  double nats = 0.0;
  if (spec.direction != Direction::kDown) nats = ExcessNats(feature.above, residual);
  if (spec.direction != Direction::kUp) nats = std::max(nats, ExcessNats(feature.below, -residual));
  return nats;
}

}  // namespace

Eigen::RowVectorXd Attribute(const Model& model,
                             const Eigen::Ref<const Eigen::RowVectorXd>& residuals,
                             const Eigen::Ref<const Eigen::RowVectorXd>& context_row,
                             const Isolation& isolation) {
  Eigen::RowVectorXd evidence = PathShares(model, context_row, isolation.range) *
                                ExcessNats(model.isolation_tail, isolation.statistic);
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    if (!model.feature_models[j].usable) continue;
    evidence(column) +=
        TailNats(model.features.specs[j], model.feature_models[j], residuals(column));
  }
  const double total = evidence.sum();
  return total > 0.0 ? Eigen::RowVectorXd(evidence / total) : evidence;
}

}  // namespace promheal::anomaly
