#pragma once

#include <vector>

#include "exporter/backtest/findings.h"
#include "exporter/backtest/plot.h"

namespace promheal::anomaly {

// Plots of a target: its score with threshold, alerts and incidents, then each feature that had a
// value with its expected band. Precondition: `recorder` recorded for plots.
std::vector<Plot> TargetPlots(const ExporterConfig& config, const Findings& findings,
                              const Recorder& recorder, const TargetFindings& target);

}  // namespace promheal::anomaly
