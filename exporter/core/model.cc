#include "exporter/core/model.h"

#include <algorithm>

#include "exporter/core/unit_free.h"

namespace promheal::anomaly {

Eigen::MatrixXd ToUnitFreeRows(const Eigen::Ref<const Eigen::MatrixXd>& values,
                               const std::vector<FeatureModel>& features) {
  Eigen::MatrixXd unit_free(values.rows(), values.cols());
  for (Eigen::Index j = 0; j < values.cols(); ++j) {
    const double unit = features[static_cast<size_t>(j)].unit;
    unit_free.col(j) = values.col(j).unaryExpr([&](double v) { return ToUnitFree(v, unit); });
  }
  return unit_free;
}

Eigen::MatrixXd LevelsOf(const Model& model, const Eigen::Ref<const Eigen::MatrixXd>& values,
                         const std::vector<Time>& times) {
  Eigen::MatrixXd levels = ToUnitFreeRows(values, model.feature_models);
  for (Eigen::Index j = 0; j < levels.cols(); ++j) {
    const auto& seasons = model.feature_models[static_cast<size_t>(j)].seasons;
    if (seasons.empty()) continue;
    for (Eigen::Index i = 0; i < levels.rows(); ++i) {
      levels(i, j) -= SeasonAt(seasons, model.calendar, times[static_cast<size_t>(i)]).value;
    }
  }
  return levels;
}

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

}  // namespace promheal::anomaly
