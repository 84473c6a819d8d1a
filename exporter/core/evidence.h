#pragma once

#include <Eigen/Core>

#include "exporter/core/feature.h"
#include "exporter/core/feature_model.h"
#include "exporter/core/model.h"

namespace promheal::anomaly {

// The strongest evidence, in nats, that a row is out of the ordinary: the forest's, or that of a
// single feature. At least 0; 0 if no feature is present.
double StrongestEvidence(const Model& model, const Eigen::Ref<const Eigen::RowVectorXd>& residuals,
                         double isolation_statistic);

// Evidence in nats, -ln p, that a residual is out of the ordinary in the direction that matters.
// 0 for NaN.
double FeatureEvidence(const FeatureSpec& spec, const FeatureModel& feature, double residual);

}  // namespace promheal::anomaly
