#pragma once

#include "exporter/core/feature.h"
#include "exporter/core/train.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// History that a cold start learns from may hold incidents. Marks as anomalous the rows of `window`
// that are so far out that nobody would call them normal: more than ten robust standard deviations
// from the adaptive baseline and the season and beyond the minimum deviation, in the direction that
// matters. At most 5 % of the normal rows, the farthest first: what is more frequent is how the
// target is. Returns how many.
int MarkOutlyingHistory(const FeatureSet& features, const TrainingOptions& options,
                        TrainingWindow& window);

}  // namespace promheal::anomaly
