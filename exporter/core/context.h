#pragma once

#include <Eigen/Core>
#include <vector>

#include "exporter/core/feature.h"
#include "exporter/core/feature_model.h"

namespace promheal::anomaly {

// The two forms in which the forest sees a feature. A value alone does not tell whether it is
// ordinary in its context.
enum class View {
  kLevel,     // Unit-free value minus the training window's median.
  kResidual,  // Unit-free value minus the adaptive baseline.
};

// A column of the forest's rows: `view` of `feature`, with 0 for deviations in a harmless
// direction.
struct ContextColumn {
  int feature = 0;
  View view = View::kLevel;
  Direction direction = Direction::kBoth;

  bool operator==(const ContextColumn&) const = default;
};

// Both views of every usable feature.
std::vector<ContextColumn> ContextColumns(const FeatureSet& features,
                                          const std::vector<FeatureModel>& models);

// The rows that the forest is trained on and scores. `levels` and `residuals` have rows = samples
// and columns = features; the result has rows = samples and columns as in `columns`.
Eigen::MatrixXd ContextRows(const std::vector<ContextColumn>& columns,
                            const Eigen::Ref<const Eigen::MatrixXd>& levels,
                            const Eigen::Ref<const Eigen::MatrixXd>& residuals);

}  // namespace promheal::anomaly
