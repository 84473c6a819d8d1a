#include "exporter/core/context.h"

namespace promheal::anomaly {

std::vector<ContextColumn> ContextColumns(const FeatureSet& features,
                                          const std::vector<FeatureModel>& models) {
  std::vector<ContextColumn> columns;
  for (int j = 0; j < features.size(); ++j) {
    if (!models[static_cast<size_t>(j)].usable) continue;
    const Direction direction = features.specs[static_cast<size_t>(j)].direction;
    columns.push_back({j, View::kLevel, direction});
    columns.push_back({j, View::kResidual, direction});
  }
  return columns;
}

Eigen::MatrixXd ContextRows(const std::vector<ContextColumn>& columns,
                            const Eigen::Ref<const Eigen::MatrixXd>& levels,
                            const Eigen::Ref<const Eigen::MatrixXd>& residuals) {
  Eigen::MatrixXd rows(levels.rows(), static_cast<Eigen::Index>(columns.size()));
  for (Eigen::Index k = 0; k < rows.cols(); ++k) {
    const ContextColumn& column = columns[static_cast<size_t>(k)];
    const auto& source = column.view == View::kLevel ? levels : residuals;
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
      rows(i, k) = InDirection(column.direction, source(i, column.feature));
    }
  }
  return rows;
}

}  // namespace promheal::anomaly
