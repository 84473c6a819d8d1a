#pragma once

#include "exporter/core/model.h"
#include "exporter/core/train.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// How many alerts rules of the configured persistence would have raised on rows of a window that
// are known to be ordinary: its latest two baselines' worth, each judged against the ordinary rows
// before it. Deviations count from what was expected then; drifts out of the window's range do not.
int AlertsOnRecentNormal(const Model& model, const TrainingWindow& window,
                         const TrainingOptions& options, double log_q);

// Before a retrained model is used it is compared in the shadow with the one in use: on what was
// ordinary of late it must not raise more alerts, but for one, which chance may. A window spoilt by
// what nobody noticed, or a degenerate fit, shows itself so.
bool JudgesWorse(const Model& candidate, const Model& current, const TrainingWindow& window,
                 const TrainingOptions& options, double log_q);

}  // namespace promheal::anomaly
