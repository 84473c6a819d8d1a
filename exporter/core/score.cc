#include "exporter/core/score.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "exporter/core/attribution.h"
#include "exporter/core/baseline.h"
#include "exporter/core/evidence.h"
#include "exporter/core/isolation.h"
#include "exporter/core/statistics/robust_statistics.h"
#include "exporter/core/tail/threshold.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

// An observation as the model sees it, unit-free.
struct RowInContext {
  Eigen::RowVectorXd expected;
  Eigen::RowVectorXd residuals;
  Eigen::RowVectorXd columns;  // The forest's row.
};

// The unit-free adaptive baseline without seasons; the training window's median for a feature that
// has no value in the latest rows.
Eigen::RowVectorXd Baseline(const Model& model, const WindowRows& latest_normal) {
  Eigen::RowVectorXd expected =
      ExpectedValues(LevelsOf(model, latest_normal.values, latest_normal.times));
  for (Eigen::Index j = 0; j < expected.size(); ++j) {
    if (std::isnan(expected(j))) expected(j) = model.feature_models[static_cast<size_t>(j)].centre;
  }
  return expected;
}

RowInContext PutInContext(const Model& model, const Observation& observation) {
  RowInContext row;
  const Eigen::RowVectorXd baseline = Baseline(model, observation.latest_normal);
  Eigen::RowVectorXd levels = ToUnitFreeRows(observation.values, model.feature_models);
  row.expected = baseline;
  row.residuals = levels - baseline;
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    const FeatureModel& feature = model.feature_models[j];
    const SeasonalValue season = SeasonAt(feature.seasons, model.calendar, observation.time);
    row.residuals(column) = season.Unexplained(row.residuals(column) - season.value);
    row.expected(column) += season.value;
    levels(column) -= season.value + feature.centre;
  }
  row.columns = ContextRows(model.columns, levels, row.residuals);
  return row;
}

double CoverageOf(const Model& model, const Eigen::RowVectorXd& residuals) {
  int usable = 0;
  int present = 0;
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    if (!model.feature_models[j].usable) continue;
    ++usable;
    if (!std::isnan(residuals(static_cast<Eigen::Index>(j)))) ++present;
  }
  return usable == 0 ? 0.0 : static_cast<double>(present) / usable;
}

FeatureScore DescribeFeature(const FeatureSpec& spec, const FeatureModel& feature, double value,
                             double expected_unit_free) {
  const auto at_residual = [&](double residual) {
    return FromUnitFree(expected_unit_free + residual, feature.unit);
  };
  FeatureScore score;
  score.value = value;
  score.expected = at_residual(0.0);
  const double minimum = MinimumDeviation(spec, score.expected);
  score.lower = std::min(at_residual(feature.lower_residual), score.expected - minimum);
  score.upper = std::max(at_residual(feature.upper_residual), score.expected + minimum);
  if (feature.never_negative) score.lower = std::max(score.lower, 0.0);
  const double residual = ToUnitFree(value, feature.unit) - expected_unit_free;
  score.deviation = residual / feature.deviation_scale;
  return score;
}

std::vector<FeatureScore> DescribeFeatures(const Model& model, const Observation& observation,
                                           const RowInContext& row, const Isolation& isolation) {
  const Eigen::RowVectorXd shares = Attribute(model, row.residuals, row.columns, isolation);
  std::vector<FeatureScore> features;
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    FeatureScore feature = DescribeFeature(model.features.specs[j], model.feature_models[j],
                                           observation.values(column), row.expected(column));
    feature.state = observation.states[j];
    feature.contribution = shares(column);
    features.push_back(feature);
  }
  return features;
}

int LargestContribution(const std::vector<FeatureScore>& features) {
  int largest = -1;
  double contribution = 0.0;
  for (size_t j = 0; j < features.size(); ++j) {
    if (features[j].contribution <= contribution) continue;
    largest = static_cast<int>(j);
    contribution = features[j].contribution;
  }
  return largest;
}

// The median of a feature over `rows`, unit-free, without seasons.
double SlowBaseline(const Model& model, int feature, const WindowRows& rows) {
  const FeatureModel& of_feature = model.feature_models[static_cast<size_t>(feature)];
  Eigen::VectorXd levels = rows.values.col(feature);
  for (Eigen::Index i = 0; i < levels.size(); ++i) {
    const Time time = rows.times[static_cast<size_t>(i)];
    levels(i) = ToUnitFree(levels(i), of_feature.unit) -
                SeasonAt(of_feature.seasons, model.calendar, time).value;
  }
  return Median(levels);
}

// A deviation in units of the minimum deviation; infinite if there is no minimum.
double InMinimumDeviations(const FeatureSpec& spec, double value, double expected) {
  const double deviation = std::abs(InDirection(spec.direction, value - expected));
  return deviation > 0.0 ? deviation / MinimumDeviation(spec, expected) : 0.0;
}

// How far a feature drifted, in minimum deviations: the smaller of its deviations from the nearer
// end of the training window's range and from its slow baseline. Both include the season at this
// time.
double Drift(const Model& model, size_t column, const RowInContext& row,
             const Observation& observation) {
  const auto k = static_cast<Eigen::Index>(column);
  const double level = row.columns(k);
  if (std::isnan(level) || observation.slow_normal.times.empty()) return 0.0;
  const double end = std::min(std::max(level, model.bounds.lower(k)), model.bounds.upper(k));
  if (level == end) return 0.0;
  const int j = model.columns[column].feature;
  const FeatureModel& feature = model.feature_models[static_cast<size_t>(j)];
  const FeatureSpec& spec = model.features.specs[static_cast<size_t>(j)];
  const double value = observation.values(j);
  const double unit_free = ToUnitFree(value, feature.unit);
  const double slow = SlowBaseline(model, j, observation.slow_normal) +
                      SeasonAt(feature.seasons, model.calendar, observation.time).value;
  if (std::isnan(slow)) return 0.0;
  return std::min(
      InMinimumDeviations(spec, value, FromUnitFree(unit_free - (level - end), feature.unit)),
      InMinimumDeviations(spec, value, FromUnitFree(slow, feature.unit)));
}

// The largest deviation or drift of any usable feature.
double LargestInMinimumDeviations(const Model& model, const RowInContext& row,
                                  const Observation& observation,
                                  const std::vector<FeatureScore>& features) {
  double largest = 0.0;
  for (size_t k = 0; k < model.columns.size(); ++k) {
    const auto j = static_cast<size_t>(model.columns[k].feature);
    const FeatureScore& feature = features[j];
    largest = std::max(largest, model.columns[k].view == View::kLevel
                                    ? Drift(model, k, row, observation)
                                    : InMinimumDeviations(model.features.specs[j], feature.value,
                                                          feature.expected));
  }
  return largest;
}

}  // namespace

std::optional<Score> ScoreObservation(const Model& model, const Observation& observation,
                                      double log_q) {
  const RowInContext row = PutInContext(model, observation);
  Score score;
  score.coverage = CoverageOf(model, row.residuals);
  if (score.coverage == 0.0) return std::nullopt;

  const Isolation isolation = Isolate(model.forest, model.bounds, row.columns);
  score.isolation_score = IsolationScore(isolation.statistic);
  score.range_factor = isolation.range.factor;
  score.features = DescribeFeatures(model, observation, row, isolation);
  score.top_feature = LargestContribution(score.features);

  const double evidence = StrongestEvidence(model, row.residuals, isolation.statistic);
  score.surprise = CalibratedScore(model.evidence_tail, evidence, log_q);
  score.largest_deviation = LargestInMinimumDeviations(model, row, observation, score.features);
  score.anomaly_score = std::min(score.surprise, score.largest_deviation);
  return score;
}

double IsolationScoreAtThreshold(const Model& model, double log_q) {
  const double evidence = EvidenceAtThreshold(model.evidence_tail, log_q);
  return IsolationScore(TailQuantile(model.isolation_tail, -evidence));
}

}  // namespace promheal::anomaly
