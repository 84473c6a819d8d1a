#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "exporter/core/feature_table.h"
#include "exporter/core/model.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// A feature's part in a score. Values are in the feature's own unit.
struct FeatureScore {
  CellState state = CellState::kAbsent;
  double value = 0.0;         // NaN if missing.
  double expected = 0.0;      // The adaptive baseline plus the season at this time.
  double lower = 0.0;         // From lower to upper the value is ordinary or within its minimum
  double upper = 0.0;         // deviation.
  double deviation = 0.0;     // From `expected`, signed, in robust standard deviations.
  double contribution = 0.0;  // Its share of the evidence. All shares add up to 1, or are all 0.
};

struct Score {
  double anomaly_score = 0.0;      // min(surprise, largest_deviation); 1 is the threshold.
  double surprise = 0.0;           // ln p / ln q, whatever size the deviation has.
  double largest_deviation = 0.0;  // In units of the minimum deviation; may be infinite.
  double isolation_score = 0.0;    // 2^(-f E[h] / c), in (0, 1).
  double range_factor = 1.0;
  double coverage = 0.0;               // Share of the model's features that are present; never 0.
  int top_feature = -1;                // The feature with the largest contribution; -1 = none.
  std::vector<FeatureScore> features;  // One a feature.
};

// A target's row of the feature table, and the normal rows that baselines are computed from
// (TrainingWindow::LatestNormal).
struct Observation {
  Time time;
  WindowRows latest_normal;
  Eigen::RowVectorXd values;
  std::vector<CellState> states;
  // Every kSlowBaselines-th normal row over kSlowBaselines baseline horizons, to find drifts that
  // the adaptive baseline follows. Empty: drifts are not looked for.
  WindowRows slow_normal = {};
};
inline constexpr int kSlowBaselines = 8;

// nullopt if no feature that the model knows is present. The score is at most the largest deviation
// in units of its minimum deviation, so it stays below 1 unless some feature deviates by at least
// its minimum. A deviation counts from the value expected now. A slow drift, which the adaptive
// baseline follows, counts if it is far both from the training window's range and from the median
// of `slow_normal`.
std::optional<Score> ScoreObservation(const Model& model, const Observation& observation,
                                      double log_q);

// The isolation score at which the forest's evidence alone brings `surprise` to 1.
double IsolationScoreAtThreshold(const Model& model, double log_q);

}  // namespace promheal::anomaly
