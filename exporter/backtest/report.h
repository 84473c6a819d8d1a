#pragma once

#include <string>

#include "exporter/backtest/findings.h"

namespace promheal::anomaly {

// The findings as a self-contained HTML page, light and dark: facts, a table of budgets, a table of
// targets, and plots of the score and of every feature with its expected band. Plots are of at most
// 20 targets: first those with incidents, then those with the highest scores. Precondition:
// `recorder` recorded for plots.
std::string ReportPage(const ExporterConfig& config, const Question& question,
                       const Findings& findings, const Recorder& recorder);

}  // namespace promheal::anomaly
