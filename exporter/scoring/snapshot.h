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

// What one cycle found out about one target.
struct TargetSnapshot {
  Labels target;
  std::optional<Score> score;             // Nothing without a model or without data.
  std::optional<double> impact;           // Share of requests hurt, 0 to 1; nothing if unknown.
  std::optional<Time> trained_at;         // Nothing while there is no model.
  std::optional<NotTrainable> not_ready;  // Why there is none.
  int samples = 0;                        // Normal samples in the training window...
  int samples_needed = 0;                 // ...and how many a first model takes.
  double isolation_threshold = 0.0;       // Of the isolation score; only with a model.
  bool excluded = false;                  // training.exclude_when applies now.
};

// How a snapshot is to be exposed.
struct Exposure {
  std::string replica;
  SeriesConfig series;
  Duration max_age =
      std::chrono::minutes(1);  // An older snapshot is not exposed: the worker hangs.
};

// The outcome of one cycle. Immutable once published: a scrape serialises it and nothing else, so a
// target that vanished vanishes, and no value outlives the cycle that found it.
struct Snapshot {
  Time time;  // Of the values: when the cycle ran, less the evaluation delay.
  std::vector<std::string> features;
  std::vector<TargetSnapshot> targets;  // In order of their labels.
  Exposure exposure;
  bool prometheus_up = false;  // Whether any query was answered.
};

}  // namespace promheal::anomaly
