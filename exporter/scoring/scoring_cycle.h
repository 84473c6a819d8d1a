#pragma once

#include <memory>
#include <set>
#include <string>

#include "common/base/time.h"
#include "common/io/clock.h"
#include "common/io/log.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/config/config.h"
#include "exporter/core/feature_table.h"
#include "exporter/scoring/feature_queries.h"
#include "exporter/scoring/fleet.h"
#include "exporter/scoring/snapshot.h"

namespace promheal::anomaly {

// The outcome of a cycle.
struct CycleOutcome {
  std::shared_ptr<const Snapshot> snapshot;
  int asked = 0;                   // Queries.
  int failed = 0;                  // Queries that failed.
  std::set<std::string> failures;  // Their reasons.
  int unlabelled_samples = 0;      // Samples without the target labels.
  int ambiguous_cells = 0;         // Features for which a target had several series.
  int targets_over_limit = 0;      // Targets beyond max_targets; they are not watched.

  bool prometheus_up() const { return failed < asked; }
};

// A cycle runs all queries for the same time, builds the feature table, scores each target, and
// makes a snapshot. Thread safety: none; the worker owns it.
class ScoringCycle {
 public:
  // All references must outlive the cycle.
  ScoringCycle(const ExporterConfig& config, PrometheusApi& api, Fleet& fleet, const Clock& clock,
               Logger& logger);

  CycleOutcome Run(Time now);

  // The time that a cycle at `now` queries: the last multiple of the interval that is at least
  // evaluation_delay old.
  Time EvaluationTime(Time now) const;
  // When the next cycle is due: evaluation_delay after the next multiple of the interval.
  Time NextRun(Time now) const;

 private:
  TargetSnapshot ScoreTarget(Detector& detector, const FeatureTable& table, size_t row,
                             const Answers& answers, Time time) const;

  void LogChange(const TargetSnapshot& target, Episode::Change change) const;

  const ExporterConfig& config_;
  FeatureQueries queries_;
  Fleet& fleet_;
  Logger& logger_;
};

}  // namespace promheal::anomaly
