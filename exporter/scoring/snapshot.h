#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"
#include "exporter/config/config.h"
#include "exporter/core/score.h"
#include "exporter/core/train.h"

namespace promheal::anomaly {

// A target in a cycle.
struct TargetSnapshot {
  Labels target;
  std::optional<Score> score;             // nullopt without a model or without data.
  std::optional<double> impact;           // Share of requests hurt, 0 to 1; nullopt if unknown.
  std::optional<Time> trained_at;         // nullopt without a model.
  std::optional<NotTrainable> not_ready;  // Why there is no model.
  int samples = 0;                        // Normal samples in the training window.
  int samples_needed = 0;                 // Normal samples that a first model needs.
  double isolation_threshold = 0.0;       // IsolationScoreAtThreshold; only with a model.
  bool excluded = false;                  // It does not learn now (training.exclude_when).
};

// Settings for exposing a snapshot as metrics.
struct Exposure {
  std::string replica;
  SeriesConfig series;
  Duration max_age =
      std::chrono::minutes(1);  // An older snapshot is not exposed: the worker must be hanging.
};

// All targets of a cycle. Immutable once published. A scrape exposes only the latest snapshot, so
// targets that disappeared and values of earlier cycles are never exposed.
struct Snapshot {
  Time time;  // The time that the cycle queried.
  std::vector<std::string> features;
  std::vector<TargetSnapshot> targets;  // In order of their labels.
  Exposure exposure;
  bool prometheus_up = false;  // Whether Prometheus answered any query.
};

}  // namespace promheal::anomaly
