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

// A range of time, both ends included.
struct Stretch {
  Time from;
  Time to;
};

struct ReplayOptions {
  Stretch judged;
  // If set, models are trained once, on this range, which may be before, after or within `judged`.
  // Otherwise they are trained as by an exporter that was started at judged.from.
  std::optional<Stretch> training;
};

// A target's score at a step; nullopt without a model or without data.
struct ReplayedRow {
  Time time;
  const Labels& target;
  const std::optional<Score>& score;
};

// Callbacks of a replay, in order of time, and of targets within a step.
struct ReplayEvents {
  std::function<void(const ReplayedRow&)> on_row;
  std::function<void(Time)> on_step;  // All rows up to this time were scored.
};

struct ReplaySummary {
  int targets = 0;
  int64_t rows = 0;         // Rows of targets that had data, over all steps.
  int64_t scored_rows = 0;  // Rows that got a score.
  int targets_over_limit = 0;
};

// Scores history as the running exporter would have: the same queries on the same grid and the same
// detectors, trained at the same times, from data that existed then.
//
// Without a training stretch, it starts with a backfill of training.window, as the exporter does,
// and models are retrained and targets forgotten from there on. With a training stretch, models and
// thresholds never change; the adaptive baselines start with the `training.baseline` before
// judged.from, without clear incidents, and go on adapting.
//
// The same configuration, history and options give the same scores. Errors: that of a query;
// kNotFound if no feature has a series in the judged stretch; kInvalidArgument if the judged or the
// training stretch contains no multiple of the interval; kFailedPrecondition if the training
// stretch gives no model.
Result<ReplaySummary> Replay(const ExporterConfig& config, PrometheusApi& api,
                             const ReplayOptions& options, const ReplayEvents& events);

}  // namespace promheal::anomaly
