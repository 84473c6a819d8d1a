#pragma once

#include <Eigen/Core>
#include <vector>

#include "common/base/time.h"
#include "exporter/core/context.h"
#include "exporter/core/feature.h"
#include "exporter/core/feature_model.h"
#include "exporter/core/forest/isolation_forest.h"
#include "exporter/core/range_factor.h"
#include "exporter/core/tail/episode_tail.h"
#include "exporter/core/tail/tail_model.h"

namespace promheal::anomaly {

// What the score is made of, so that a benchmark can tell what each part is worth. All of it in
// use.
struct EvidenceParts {
  bool forest = true;
  bool range_factor = true;  // Of the forest's evidence.
  bool features = true;      // Each feature's own deviation.

  bool operator==(const EvidenceParts&) const = default;
};

// One target's model. Immutable once trained.
struct Model {
  FeatureSet features;
  Calendar calendar;                         // Of the seasons.
  std::vector<FeatureModel> feature_models;  // One a feature.
  std::vector<ContextColumn> columns;        // Of the forest and of `bounds`.
  RangeBounds bounds;
  IsolationForest forest;
  TailModel isolation_tail;    // Of the isolation statistic of rows that the forest had not seen.
  TailModel evidence_tail;     // Of episodes of the strongest evidence of training rows, in nats.
  TailEvidence tail_evidence;  // What evidence_tail was fitted to.
  EvidenceParts parts = {};
  Time trained_at;
  int rows = 0;  // Trained on so many.
};

// Each column in its feature's unit, less its season at the rows' times. Rows = samples, columns =
// features; NaN stays.
Eigen::MatrixXd LevelsOf(const Model& model, const Eigen::Ref<const Eigen::MatrixXd>& values,
                         const std::vector<Time>& times);

// Each column in its feature's unit. Rows = samples, columns = features; NaN stays.
Eigen::MatrixXd ToUnitFreeRows(const Eigen::Ref<const Eigen::MatrixXd>& values,
                               const std::vector<FeatureModel>& features);

// The strongest evidence in nats that a row is out of the ordinary: of one feature by itself, or of
// the forest. At least 0; 0 where nothing is present.
double StrongestEvidence(const Model& model, const Eigen::Ref<const Eigen::RowVectorXd>& residuals,
                         double isolation_statistic);

}  // namespace promheal::anomaly
