#pragma once

#include <functional>
#include <optional>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/config/config.h"
#include "exporter/core/score.h"

namespace promheal::anomaly {

// Both ends included.
struct Stretch {
  Time from;
  Time to;
};

struct ReplayOptions {
  Stretch judged;
  // Models are trained once, on these rows, whether they lie before, after or within what is
  // judged. Nothing: as the exporter would have done, had it been started at judged.from.
  std::optional<Stretch> training;
};

// What one target's score was at one step; nothing without a model or without data.
struct ReplayedRow {
  Time time;
  const Labels& target;
  const std::optional<Score>& score;
};

// What happens during a replay, in order of time, and of targets within a step.
struct ReplayEvents {
  std::function<void(const ReplayedRow&)> on_row;
  std::function<void(Time)> on_step;  // Everything up to this time has been judged.
};

struct ReplaySummary {
  int targets = 0;
  int64_t rows = 0;         // Targets that were there, over all steps...
  int64_t scored_rows = 0;  // ...of which so many were scored.
  int targets_over_limit = 0;
};

// Scores history as the running exporter scores the present: the same queries on the same grid, the
// same detectors, trained when they would have been trained, from what was known then.
//
// Without a fixed training stretch it begins with the backfill of training.window that a start
// does, and models are retrained, forgotten and adapted from there on. With one, models (what is
// ordinary, and thresholds) stay as they were learnt; the adaptive baselines begin with the
// `training.baseline` before judged.from, less what were clearly incidents, and go on adapting.
//
// The same configuration, history and options give the same scores. Errors: what a query gives;
// kNotFound where no feature has a series in the judged stretch; kInvalidArgument where it, or the
// training stretch, ends before it begins; kFailedPrecondition where nothing can be learnt from the
// training stretch.
Result<ReplaySummary> Replay(const ExporterConfig& config, PrometheusApi& api,
                             const ReplayOptions& options, const ReplayEvents& events);

}  // namespace promheal::anomaly
