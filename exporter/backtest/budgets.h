#pragma once

#include <optional>
#include <vector>

#include "exporter/backtest/evaluation.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// The outcome of a replay under another alert_budget.
struct BudgetOutcome {
  double alert_budget = 0.0;
  double threshold = 1.0;  // The score under the configured budget above which it alerts.
  Evaluation evaluation;
};

struct BudgetTable {
  std::vector<BudgetOutcome> outcomes;  // Ascending by budget; includes the configured budget.
  size_t configured = 0;                // Index of the configured budget.
  // Index of the proposed budget. With incidents: the budget with the highest F1 score (the
  // harmonic mean of precision and recall); among equals, the nearest to the configured budget.
  // Without: the largest budget that raised at most as many alerts a target and week as configured,
  // if the history is long enough to expect at least three. Otherwise nullopt.
  std::optional<size_t> proposed;
};

// Compares budgets from a hundredth to a hundred times the configured budget, in steps of 1, 2
// and 5. The result is approximate: under another budget, models would have learnt from other
// samples.
BudgetTable CompareBudgets(const ExporterConfig& config, const std::vector<TargetScores>& targets,
                           const Grid& grid, const std::vector<Incident>& incidents, int persist);

}  // namespace promheal::anomaly
