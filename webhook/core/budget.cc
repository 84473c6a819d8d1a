#include "webhook/core/budget.h"

namespace promheal::healing {

std::optional<BudgetLimit> ExhaustedBudget(const Budgets& budgets, const BudgetUse& use) {
  if (use.in_flight_on_service >= budgets.in_flight_per_service) return BudgetLimit::kService;
  if (use.in_flight >= budgets.in_flight) return BudgetLimit::kGlobal;
  return std::nullopt;
}

}  // namespace promheal::healing
