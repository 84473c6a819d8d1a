#include "exporter/core/score.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "exporter/core/attribution.h"
#include "exporter/core/baseline.h"
#include "exporter/core/isolation.h"
#include "exporter/core/threshold.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

// An observation, unit-free, against what is expected. One value a feature.
struct RowInContext {
  Eigen::RowVectorXd expected;
  Eigen::RowVectorXd residuals;
  Eigen::RowVectorXd columns;  // As the forest sees it.
};

// The unit-free baseline; where none of the latest rows has a value, the window's median.
Eigen::RowVectorXd Expected(const Model& model, const Eigen::MatrixXd& latest_normal) {
  Eigen::RowVectorXd expected = ExpectedValues(ToUnitFreeRows(latest_normal, model.feature_models));
  for (Eigen::Index j = 0; j < expected.size(); ++j) {
    if (std::isnan(expected(j))) expected(j) = model.feature_models[static_cast<size_t>(j)].centre;
  }
  return expected;
}

RowInContext PutInContext(const Model& model, const Observation& observation) {
  RowInContext row;
  row.expected = Expected(model, observation.latest_normal);
  Eigen::RowVectorXd levels = ToUnitFreeRows(observation.values, model.feature_models);
  row.residuals = levels - row.expected;
  for (size_t j = 0; j < model.feature_models.size(); ++j) {
    levels(static_cast<Eigen::Index>(j)) -= model.feature_models[j].centre;
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

// The largest deviation of a usable feature in units of the smallest one that counts; infinite
// where a feature without a minimum deviates.
double LargestInMinimumDeviations(const Model& model, const std::vector<FeatureScore>& features) {
  double largest = 0.0;
  for (size_t j = 0; j < features.size(); ++j) {
    if (!model.feature_models[j].usable) continue;
    const FeatureSpec& spec = model.features.specs[j];
    const FeatureScore& feature = features[j];
    const double deviation =
        std::abs(InDirection(spec.direction, feature.value - feature.expected));
    if (deviation > 0.0) {
      largest = std::max(largest, deviation / MinimumDeviation(spec, feature.expected));
    }
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
  score.largest_deviation = LargestInMinimumDeviations(model, score.features);
  score.anomaly_score = std::min(score.surprise, score.largest_deviation);
  return score;
}

double IsolationScoreAtThreshold(const Model& model, double log_q) {
  const double evidence = EvidenceAtThreshold(model.evidence_tail, log_q);
  return IsolationScore(TailQuantile(model.isolation_tail, -evidence));
}

}  // namespace promheal::anomaly
