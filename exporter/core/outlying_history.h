#pragma once

#include "exporter/core/feature.h"
#include "exporter/core/train.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// The history that a cold start learns from may contain incidents. Marks rows of `window` as
// anomalous that are clearly not normal: in the direction that matters, more than ten robust
// standard deviations from the adaptive baseline and the season, and at least the minimum
// deviation. Marks the farthest first and at most 5 % of the normal rows: more frequent deviations
// are normal for the target. Returns the number of rows marked.
int MarkOutlyingHistory(const FeatureSet& features, const TrainingOptions& options,
                        TrainingWindow& window);

}  // namespace promheal::anomaly
