#include "exporter/core/evidence.h"

#include <algorithm>

#include "exporter/core/tail/tail_model.h"

namespace promheal::anomaly {

double StrongestEvidence(const Model& model, const Eigen::Ref<const Eigen::RowVectorXd>& residuals,
                         double isolation_statistic) {
  double evidence =
      model.parts.forest ? -LogSurvival(model.isolation_tail, isolation_statistic) : 0.0;
  if (!model.parts.features) return evidence;
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    const FeatureModel& feature = model.feature_models[j];
    if (!feature.usable) continue;
    const double residual = residuals(static_cast<Eigen::Index>(j));
    evidence = std::max(evidence, FeatureEvidence(model.features.specs[j], feature, residual));
  }
  return evidence;
}

double FeatureEvidence(const FeatureSpec& spec, const FeatureModel& feature, double residual) {
  double log_p = 0.0;
  if (spec.direction != Direction::kDown) log_p = LogSurvival(feature.above, residual);
  if (spec.direction != Direction::kUp) {
    log_p = std::min(log_p, LogSurvival(feature.below, -residual));
  }
  return -log_p;
}

}  // namespace promheal::anomaly
