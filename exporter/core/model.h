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

// The parts of the score. Benchmarks switch parts off to measure them; the exporter uses all.
struct EvidenceParts {
  bool forest = true;
  bool range_factor = true;  // Part of the forest's evidence.
  bool features = true;      // Each feature's own deviation.

  bool operator==(const EvidenceParts&) const = default;
};

// One target's model. Immutable once trained.
struct Model {
  FeatureSet features;
  Calendar calendar;                         // The clocks that seasons follow.
  std::vector<FeatureModel> feature_models;  // One a feature.
  std::vector<ContextColumn> columns;        // Columns of the forest and of `bounds`.
  RangeBounds bounds;
  IsolationForest forest;
  TailModel isolation_tail;    // Isolation statistics of rows that the forest had not seen.
  TailModel evidence_tail;     // Episodes of the training rows' strongest evidence, in nats.
  TailEvidence tail_evidence;  // A summary of the episodes behind evidence_tail.
  EvidenceParts parts = {};
  Time trained_at;
  int rows = 0;  // Normal rows that it was trained on.
};

// Unit-free values minus their season at the rows' times. Rows = samples, columns = features; NaN
// stays NaN.
Eigen::MatrixXd LevelsOf(const Model& model, const Eigen::Ref<const Eigen::MatrixXd>& values,
                         const std::vector<Time>& times);

// Unit-free values, each column by its feature's unit. Rows = samples, columns = features; NaN
// stays NaN.
Eigen::MatrixXd ToUnitFreeRows(const Eigen::Ref<const Eigen::MatrixXd>& values,
                               const std::vector<FeatureModel>& features);

}  // namespace promheal::anomaly
