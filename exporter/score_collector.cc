#include "exporter/score_collector.h"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

namespace promheal::anomaly {
namespace {

// Builds a family of gauges.
class Gauges {
 public:
  Gauges(std::string name, std::string help) {
    family_.name = std::move(name);
    family_.help = std::move(help);
    family_.type = prometheus::MetricType::Gauge;
  }

  void Add(const Labels& labels, double value) {
    prometheus::ClientMetric metric;
    for (const auto& [name, text] : labels) metric.label.push_back({name, text});
    metric.gauge.value = value;
    family_.metric.push_back(std::move(metric));
  }

  prometheus::MetricFamily Finish() { return std::move(family_); }
  bool empty() const { return family_.metric.empty(); }

 private:
  prometheus::MetricFamily family_;
};

struct TargetGauges {
  Gauges score{
      "anomaly_score",
      "How anomalous the target is now: ln p / ln q, with p the probability of an episode this "
      "extreme and q the probability that the alert budget allows. 1 is the threshold for every "
      "target. Absent without a model or data."};
  Gauges isolation{
      "anomaly_isolation_score",
      "Score of the isolation forest with its range factor, 2^(-f E[h] / c), from 0 to "
      "1."};
  Gauges threshold{"anomaly_threshold_isolation_score",
                   "The isolation score at which the forest alone brings anomaly_score to 1."};
  Gauges coverage{"anomaly_feature_coverage_ratio",
                  "Share of the model's features that have a value now."};
  Gauges impact{
      "anomaly_impact_ratio",
      "Share of requests that are hurt, by the configured impact expressions. It does not "
      "depend on the score."};
  Gauges ready{"anomaly_model_ready", "Whether the target has a model: 1, or 0 while it warms up."};
  Gauges trained{"anomaly_model_trained_timestamp_seconds",
                 "When the target's model was trained, as Unix time."};
};

struct FeatureGauges {
  Gauges value{"anomaly_feature_value", "The feature's value, in its own unit."};
  Gauges expected{"anomaly_feature_expected",
                  "The feature's expected value (adaptive baseline and season), in its own unit."};
  Gauges lower{"anomaly_feature_lower",
               "Lower end of the values that are ordinary or within the minimum deviation, in the "
               "feature's own unit."};
  Gauges upper{"anomaly_feature_upper",
               "Upper end of the values that are ordinary or within the minimum deviation, in the "
               "feature's own unit."};
  Gauges deviation{"anomaly_feature_deviation",
                   "Signed deviation of the feature from its expected value, in robust standard "
                   "deviations."};
  Gauges contribution{
      "anomaly_feature_contribution_ratio",
      "The feature's share of the evidence that the target is unusual. All shares of a target "
      "add up to 1, or are 0 if no feature stands out."};
};

Labels WithReplica(Labels labels, const std::string& replica) {
  labels.Set("replica", replica);
  return labels;
}

bool ShowsFeatures(const TargetSnapshot& target, const SeriesConfig& series) {
  if (target.score->anomaly_score >= series.features_above_score) return true;
  return std::any_of(series.features_always.begin(), series.features_always.end(),
                     [&](const Labels& labels) {
                       return std::all_of(labels.begin(), labels.end(), [&](const auto& label) {
                         return target.target.Get(label.first) == label.second;
                       });
                     });
}

void AddTarget(const TargetSnapshot& target, const Labels& labels, TargetGauges& gauges) {
  gauges.ready.Add(labels, target.trained_at ? 1.0 : 0.0);
  if (target.impact) gauges.impact.Add(labels, *target.impact);
  if (target.trained_at) {
    gauges.trained.Add(labels, ToUnixSeconds(*target.trained_at));
    gauges.threshold.Add(labels, target.isolation_threshold);
  }
  if (target.score) {
    gauges.score.Add(labels, target.score->anomaly_score);
    gauges.isolation.Add(labels, target.score->isolation_score);
    gauges.coverage.Add(labels, target.score->coverage);
  }
}

// A NaN gets no series.
void AddFeature(const FeatureScore& feature, const Labels& labels, FeatureGauges& gauges) {
  const auto add = [&](Gauges& family, double value) {
    if (!std::isnan(value)) family.Add(labels, value);
  };
  add(gauges.value, feature.value);
  add(gauges.expected, feature.expected);
  add(gauges.lower, feature.lower);
  add(gauges.upper, feature.upper);
  add(gauges.deviation, feature.deviation);
  add(gauges.contribution, feature.contribution);
}

}  // namespace

std::vector<prometheus::MetricFamily> ToMetricFamilies(const Snapshot& snapshot) {
  TargetGauges targets;
  FeatureGauges features;
  for (const TargetSnapshot& target : snapshot.targets) {
    const Labels labels = WithReplica(target.target, snapshot.exposure.replica);
    AddTarget(target, labels, targets);
    if (!target.score || !ShowsFeatures(target, snapshot.exposure.series)) continue;
    for (size_t j = 0; j < target.score->features.size(); ++j) {
      Labels feature_labels = labels;
      feature_labels.Set("feature", snapshot.features[j]);
      AddFeature(target.score->features[j], feature_labels, features);
    }
  }
  std::vector<prometheus::MetricFamily> families;
  for (Gauges* gauges :
       {&targets.score, &targets.isolation, &targets.threshold, &targets.coverage, &targets.impact,
        &targets.ready, &targets.trained, &features.value, &features.expected, &features.lower,
        &features.upper, &features.deviation, &features.contribution}) {
    if (!gauges->empty()) families.push_back(gauges->Finish());
  }
  return families;
}

std::vector<prometheus::MetricFamily> ScoreCollector::Collect() const {
  const std::shared_ptr<const Snapshot> snapshot = snapshot_.Get();
  if (clock_.Now() - snapshot->time > snapshot->exposure.max_age) return {};
  return ToMetricFamilies(*snapshot);
}

}  // namespace promheal::anomaly
