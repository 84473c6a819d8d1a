#pragma once

#include <optional>
#include <string>

#include "common/base/result.h"
#include "common/base/time.h"
#include "exporter/core/feature.h"
#include "exporter/core/forest/isolation_forest.h"
#include "exporter/core/model.h"
#include "exporter/core/season.h"
#include "exporter/core/tail/episode_tail.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

struct TrainingOptions {
  ForestOptions forest;
  int minimum_rows = 40;       // Normal rows before there is a model.
  int baseline_horizon = 240;  // Samples that the adaptive baseline looks back.
  SeasonalityOptions seasonality;
  EvidenceParts parts;
  int persistence = 3;  // Samples in a row above the threshold that raise an alert.

  bool operator==(const TrainingOptions&) const = default;
};

// Why there is no model yet. This is a refusal, not an error.
enum class NotTrainable {
  kTooFewSamples,    // Fewer normal rows than minimum_rows.
  kNoUsableFeature,  // No feature had a value in half of minimum_rows.
};

std::string_view ToString(NotTrainable reason);

std::optional<NotTrainable> WhyNotTrainable(const TrainingWindow& window,
                                            const TrainingOptions& options);

// Learns a target's model from its window, in this order: units, unit-free values, seasons,
// residuals against the adaptive baseline, each feature's tails, forest and range bounds, the tail
// of the forest's evidence, the tail of the strongest evidence. `tail_prior` is the prior for the
// shape and scale of the last. Seasons also use anomalous rows; all else uses normal rows only.
// Precondition: WhyNotTrainable returns nullopt. Errors: kInvalidArgument for forest options out of
// range. The same window, features and options give the same model.
Result<Model> Train(const FeatureSet& features, const TrainingWindow& window,
                    const TrainingOptions& options, const TailPrior& tail_prior, Time now);

}  // namespace promheal::anomaly
