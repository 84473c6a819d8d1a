#pragma once

#include <optional>
#include <vector>

#include "exporter/backtest/evaluation.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// What another alert_budget would have meant.
struct BudgetOutcome {
  double alert_budget = 0.0;
  double threshold = 1.0;  // The score, under the configured budget, from which it alerts.
  Evaluation evaluation;
};

struct BudgetTable {
  std::vector<BudgetOutcome> outcomes;  // By ascending budget, the configured one among them.
  size_t configured = 0;                // Its index.
  // The one to propose. With incidents: of the highest F1 score (the harmonic mean of precision and
  // recall) the nearest to the configured one. Without: the largest that raised at most the
  // configured number of alerts a target and week, where at least three were to be expected.
  // Otherwise nothing.
  std::optional<size_t> proposed;
};

// Budgets from a hundredth to a hundred times the configured one, in steps of 1, 2 and 5. About
// right: under another budget other samples would have been learnt from.
BudgetTable CompareBudgets(const ExporterConfig& config, const std::vector<TargetScores>& targets,
                           const Grid& grid, const std::vector<Incident>& incidents, int persist);

}  // namespace promheal::anomaly
