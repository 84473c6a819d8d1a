#pragma once

#include <string>

#include "exporter/backtest/findings.h"

namespace promheal::anomaly {

// The findings as one self-contained HTML page, light and dark: what was found, what other budgets
// would have meant, a row a target, and for the targets that say most (those with incidents, then
// those with the highest scores) plots of the score and of every feature with its expected band.
// `recorder` kept what plots need.
std::string ReportPage(const ExporterConfig& config, const Question& question,
                       const Findings& findings, const Recorder& recorder);

}  // namespace promheal::anomaly
