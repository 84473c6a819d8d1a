#include "exporter/backtest/budgets.h"

#include <algorithm>
#include <cmath>

namespace promheal::anomaly {
namespace {

constexpr double kFactor = 100.0;
constexpr double kFewestExpectedAlerts = 3.0;  // Fewer do not show whether a budget was kept.

std::vector<double> BudgetsAround(double configured) {
  std::vector<double> budgets = {configured};
  const int first = static_cast<int>(std::floor(std::log10(configured / kFactor)));
  const int last = static_cast<int>(std::ceil(std::log10(configured * kFactor)));
  for (int exponent = first; exponent <= last; ++exponent) {
    for (const double step : {1.0, 2.0, 5.0}) {
      const double budget = step * std::pow(10.0, exponent);
      const double ratio = budget / configured;
      const bool same = std::abs(ratio - 1.0) < 0.01;
      if (!same && ratio >= 0.99 / kFactor && ratio <= 1.01 * kFactor) budgets.push_back(budget);
    }
  }
  std::sort(budgets.begin(), budgets.end());
  return budgets;
}

double F1(const Evaluation& evaluation) {
  const double precision = evaluation.precision().value_or(0.0);
  const double recall = evaluation.recall().value_or(0.0);
  return precision + recall > 0.0 ? 2.0 * precision * recall / (precision + recall) : 0.0;
}

double DistanceFrom(double configured, const BudgetOutcome& outcome) {
  return std::abs(std::log(outcome.alert_budget / configured));
}

// The budget with the highest F1; among equals, the nearest to the configured budget.
std::optional<size_t> ProposeFromIncidents(const BudgetTable& table, double configured) {
  std::optional<size_t> best;
  for (size_t i = 0; i < table.outcomes.size(); ++i) {
    const BudgetOutcome& outcome = table.outcomes[i];
    const double f1 = F1(outcome.evaluation);
    const double best_f1 = best ? F1(table.outcomes[*best].evaluation) : 0.0;
    const bool nearer =
        best && DistanceFrom(configured, outcome) < DistanceFrom(configured, table.outcomes[*best]);
    if (f1 > best_f1 || (f1 > 0.0 && f1 == best_f1 && nearer)) best = i;
  }
  return best;
}

// The largest budget that raised no more alerts than configured, if the history is long enough.
std::optional<size_t> ProposeFromQuiet(const BudgetTable& table, double configured) {
  std::optional<size_t> best;
  for (size_t i = 0; i < table.outcomes.size(); ++i) {
    const Evaluation& evaluation = table.outcomes[i].evaluation;
    const bool long_enough = evaluation.target_weeks * configured >= kFewestExpectedAlerts;
    if (long_enough && evaluation.false_alerts_a_week() <= configured) best = i;
  }
  return best;
}

}  // namespace

BudgetTable CompareBudgets(const ExporterConfig& config, const std::vector<TargetScores>& targets,
                           const Grid& grid, const std::vector<Incident>& incidents, int persist) {
  BudgetTable table;
  const double log_q = config.detector_options().log_q;
  ExporterConfig other = config;
  for (const double budget : BudgetsAround(config.alert_budget)) {
    if (budget == config.alert_budget) table.configured = table.outcomes.size();
    other.alert_budget = budget;
    const double threshold = other.detector_options().log_q / log_q;
    table.outcomes.push_back(
        {.alert_budget = budget,
         .threshold = threshold,
         .evaluation = EvaluateFleet(targets, grid, incidents, threshold, persist)});
  }
  table.proposed = incidents.empty() ? ProposeFromQuiet(table, config.alert_budget)
                                     : ProposeFromIncidents(table, config.alert_budget);
  return table;
}

}  // namespace promheal::anomaly
