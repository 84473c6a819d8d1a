#pragma once

#include <Eigen/Core>
#include <vector>

#include "exporter/core/feature.h"
#include "exporter/core/feature_model.h"

namespace promheal::anomaly {

// What the forest sees of a feature. More than its value, since a value is ordinary or not only in
// its context.
enum class View {
  kLevel,     // Unit-free value minus the training window's median.
  kResidual,  // Unit-free value minus the adaptive baseline.
};

// Column k of the forest shows `view` of `feature`, with what goes the harmless way cut to 0.
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
