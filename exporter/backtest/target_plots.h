#pragma once

#include <vector>

#include "exporter/backtest/findings.h"
#include "exporter/backtest/plot.h"

namespace promheal::anomaly {

// One of the findings' targets: its score with the threshold, alerts and incidents, then each
// feature that had a value with what was expected of it. `recorder` kept what plots need.
std::vector<Plot> TargetPlots(const ExporterConfig& config, const Findings& findings,
                              const Recorder& recorder, const TargetFindings& target);

}  // namespace promheal::anomaly
