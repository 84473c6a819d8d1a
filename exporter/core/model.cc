#include "exporter/core/model.h"

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

}  // namespace promheal::anomaly
