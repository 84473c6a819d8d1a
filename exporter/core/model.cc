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

double StrongestEvidence(const Model& model, const Eigen::Ref<const Eigen::RowVectorXd>& residuals,
                         double isolation_statistic) {
  double evidence = -LogSurvival(model.isolation_tail, isolation_statistic);
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    const FeatureModel& feature = model.feature_models[j];
    if (!feature.usable) continue;
    const double residual = residuals(static_cast<Eigen::Index>(j));
    evidence = std::max(evidence, FeatureEvidence(model.features.specs[j], feature, residual));
  }
  return evidence;
}

}  // namespace promheal::anomaly
