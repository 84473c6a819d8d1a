#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

#include "exporter/core/feature_table.h"
#include "exporter/core/model.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// One feature's part in a score. Values are in the feature's own unit.
struct FeatureScore {
  CellState state = CellState::kAbsent;
  double value = 0.0;         // NaN where it is missing.
  double expected = 0.0;      // The adaptive baseline, with the season of now where there is one.
  double lower = 0.0;         // Between lower and upper the feature is ordinary, or within its
  double upper = 0.0;         // minimum deviation.
  double deviation = 0.0;     // From expected, signed, in robust standard deviations.
  double contribution = 0.0;  // Its share of what makes the row unusual; all together 1, or all 0.
};

struct Score {
  double anomaly_score = 0.0;      // 1 = at the threshold. The lesser of the next two:
  double surprise = 0.0;           // ln p / ln q, whatever size the deviation has.
  double largest_deviation = 0.0;  // In units of the minimum deviation; may be infinite.
  double isolation_score = 0.0;    // 2^(-f E[h] / c), in (0, 1).
  double range_factor = 1.0;
  double coverage = 0.0;               // Share of the model's features that are present; never 0.
  int top_feature = -1;                // The largest contribution; -1 = nothing stands out.
  std::vector<FeatureScore> features;  // One a feature.
};

// What one target shows at a time: `values` and `states` are a row of the feature table,
// `latest_normal` the rows that the baseline rests on (TrainingWindow::LatestNormal).
struct Observation {
  Time time;
  WindowRows latest_normal;
  Eigen::RowVectorXd values;
  std::vector<CellState> states;
  // Rows of the last kSlowBaselines baselines' time, for what an adaptive baseline follows. Without
  // any, drifts are not looked for.
  WindowRows slow_normal = {};
};
inline constexpr int kSlowBaselines = 8;

// Features to score. Nothing where no feature that the model knows is present: a score needs data.
// The score is at most the largest deviation in units of its minimum deviation, so that it stays
// below 1 while no feature deviates by as much as is worth an alert: from what is expected now, or,
// since an adaptive baseline follows what drifts slowly, both from the range of the training window
// and from the median of the last kSlowBaselines baselines' time.
std::optional<Score> ScoreObservation(const Model& model, const Observation& observation,
                                      double log_q);

// The isolation score at which the forest alone would bring the anomaly score to 1.
double IsolationScoreAtThreshold(const Model& model, double log_q);

}  // namespace promheal::anomaly
