#include "exporter/scoring/scoring_cycle.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace promheal::anomaly {

ScoringCycle::ScoringCycle(const ExporterConfig& config, PrometheusApi& api, Fleet& fleet,
                           const Clock& clock, Logger& logger)
    : config_(config), queries_(config, api, clock, logger), fleet_(fleet), logger_(logger) {}

CycleOutcome ScoringCycle::Run(Time now) {
  const Time time = EvaluationTime(now);
  const Answers answers = queries_.Ask(time);
  const FeatureTable table =
      BuildFeatureTable(fleet_.features(), config_.target_labels, answers.features);

  Snapshot snapshot{.time = time,
                    .exposure = {.replica = config_.replica,
                                 .series = config_.series,
                                 .max_age = config_.evaluation_delay + 4 * config_.interval +
                                            config_.prometheus.timeout}};
  for (const FeatureSpec& feature : fleet_.features().specs) {
    snapshot.features.push_back(feature.name);
  }
  CycleOutcome outcome{.asked = answers.asked,
                       .failed = answers.failed,
                       .failures = answers.failures,
                       .unlabelled_samples = table.unlabelled_samples,
                       .ambiguous_cells = table.ambiguous_cells};
  for (size_t row = 0; row < table.targets.size(); ++row) {
    Detector* detector = fleet_.Watch(table.targets[row]);
    if (detector == nullptr) {
      ++outcome.targets_over_limit;
      continue;
    }
    snapshot.targets.push_back(ScoreTarget(*detector, table, row, answers, time));
  }
  snapshot.prometheus_up = outcome.prometheus_up();
  outcome.snapshot = std::make_shared<const Snapshot>(std::move(snapshot));
  return outcome;
}

Time ScoringCycle::EvaluationTime(Time now) const {
  return AlignDown(now - config_.evaluation_delay, config_.interval);
}

Time ScoringCycle::NextRun(Time now) const {
  return EvaluationTime(now) + config_.interval + config_.evaluation_delay;
}

TargetSnapshot ScoringCycle::ScoreTarget(Detector& detector, const FeatureTable& table, size_t row,
                                         const Answers& answers, Time time) const {
  TargetSnapshot snapshot{.target = table.targets[row]};
  // If it is unknown whether the target is excluded, it does not learn.
  snapshot.excluded = !answers.excluded || IsExcluded(snapshot.target, *answers.excluded);
  const Eigen::RowVectorXd values = table.values.row(static_cast<Eigen::Index>(row));
  snapshot.score = detector.Observe(time, values, table.states[row], snapshot.excluded);
  LogChange(snapshot, detector.last_change());

  if (const auto it = answers.impact.find(snapshot.target); it != answers.impact.end()) {
    snapshot.impact = it->second;
  }
  if (const Model* model = detector.model()) {
    snapshot.trained_at = model->trained_at;
    snapshot.isolation_threshold = IsolationScoreAtThreshold(*model, fleet_.options().log_q);
  }
  snapshot.not_ready = detector.not_ready();
  snapshot.samples = detector.window().normal_size();
  snapshot.samples_needed = fleet_.options().training.minimum_rows;
  return snapshot;
}

void ScoringCycle::LogChange(const TargetSnapshot& target, Episode::Change change) const {
  const std::string name = target.target.ToDisplayName();
  switch (change) {
    case Episode::Change::kNone:
      return;
    case Episode::Change::kBegan: {
      const int top = target.score->top_feature;
      logger_.Info(
          "anomaly began",
          {{"target", name},
           {"score", fmt::format("{:.2f}", target.score->anomaly_score)},
           {"top_feature", top < 0 ? "" : fleet_.features().specs[static_cast<size_t>(top)].name}});
      return;
    }
    case Episode::Change::kEnded:
      logger_.Info("anomaly ended", {{"target", name}});
      return;
    case Episode::Change::kBecameNormal:
      logger_.Info("lasting change accepted as the new normal", {{"target", name}});
      return;
  }
}

}  // namespace promheal::anomaly
