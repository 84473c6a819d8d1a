#pragma once

#include "exporter/core/model.h"
#include "exporter/core/train.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// How many alerts rules with the configured persistence would have raised on recent ordinary rows:
// two baseline horizons, each row judged against the ordinary rows before it. Deviations from the
// values expected then count; slow drifts out of the window's range do not.
int AlertsOnRecentNormal(const Model& model, const TrainingWindow& window,
                         const TrainingOptions& options, double log_q);

// Whether a retrained model must not replace the current one: on recent ordinary rows it would
// raise at least two alerts more. (One more may be chance.) This reveals a degenerate fit, and a
// training window that contains an unnoticed incident.
bool JudgesWorse(const Model& candidate, const Model& current, const TrainingWindow& window,
                 const TrainingOptions& options, double log_q);

}  // namespace promheal::anomaly
