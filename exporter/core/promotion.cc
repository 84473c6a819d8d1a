#include "exporter/core/promotion.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "exporter/core/baseline.h"
#include "exporter/core/evidence.h"
#include "exporter/core/isolation.h"
#include "exporter/core/tail/episode_tail.h"
#include "exporter/core/tail/threshold.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

// Rows as a model sees them: unit-free values, residuals, and rows of the forest.
struct JudgedRows {
  Eigen::MatrixXd unit_free;
  Eigen::MatrixXd residuals;
  Eigen::MatrixXd context;
};

JudgedRows PutInContext(const Model& model, const WindowRows& rows, int horizon) {
  JudgedRows judged;
  judged.unit_free = ToUnitFreeRows(rows.values, model.feature_models);
  Eigen::MatrixXd levels = LevelsOf(model, rows.values, rows.times);
  judged.residuals = HistoryResiduals(levels, rows.regimes, horizon);
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    const FeatureModel& feature = model.feature_models[j];
    levels.col(column).array() -= feature.centre;
    if (feature.seasons.empty()) continue;
    for (Eigen::Index i = 0; i < levels.rows(); ++i) {
      double& residual = judged.residuals(i, column);
      residual = SeasonAt(feature.seasons, model.calendar, rows.times[static_cast<size_t>(i)])
                     .Unexplained(residual);
    }
  }
  judged.context = ContextRows(model.columns, levels, judged.residuals);
  return judged;
}

// Whether any feature deviates by more than its minimum deviation from the value expected then.
bool IsWorthAnAlert(const Model& model, const JudgedRows& judged, const WindowRows& rows,
                    Eigen::Index i) {
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    const FeatureModel& feature = model.feature_models[j];
    if (!feature.usable) continue;
    const auto column = static_cast<Eigen::Index>(j);
    const FeatureSpec& spec = model.features.specs[j];
    const double expected =
        FromUnitFree(judged.unit_free(i, column) - judged.residuals(i, column), feature.unit);
    const double deviation =
        std::abs(InDirection(spec.direction, rows.values(i, column) - expected));
    if (deviation > MinimumDeviation(spec, expected)) return true;
  }
  return false;
}

}  // namespace

int AlertsOnRecentNormal(const Model& model, const TrainingWindow& window,
                         const TrainingOptions& options, double log_q) {
  const WindowRows rows = window.LatestNormal(3 * options.baseline_horizon);
  const JudgedRows judged = PutInContext(model, rows, options.baseline_horizon);
  const auto count = static_cast<Eigen::Index>(rows.times.size());
  const std::vector<double> statistics =
      IsolationStatistics(model.forest, model.bounds, judged.context.bottomRows(count - count / 3));
  int alerts = 0;
  int above = 0;
  int calm = EpisodeSample::kCalmSamples;
  for (Eigen::Index i = count / 3; i < count; ++i) {
    const double statistic = statistics[static_cast<size_t>(i - count / 3)];
    const double evidence = StrongestEvidence(model, judged.residuals.row(i), statistic);
    const bool anomalous = CalibratedScore(model.evidence_tail, evidence, log_q) > 1.0 &&
                           IsWorthAnAlert(model, judged, rows, i);
    above = anomalous ? above + 1 : 0;
    const bool firing = above >= options.persistence;
    if (firing && calm >= EpisodeSample::kCalmSamples) ++alerts;
    calm = firing ? 0 : calm + 1;
  }
  return alerts;
}

bool JudgesWorse(const Model& candidate, const Model& current, const TrainingWindow& window,
                 const TrainingOptions& options, double log_q) {
  const int alerts = AlertsOnRecentNormal(candidate, window, options, log_q);
  return alerts > 1 && alerts > 1 + AlertsOnRecentNormal(current, window, options, log_q);
}

}  // namespace promheal::anomaly
