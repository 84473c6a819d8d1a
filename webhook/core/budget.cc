#include "webhook/core/budget.h"

namespace promheal::healing {
namespace {

// When so many of these are an hour old that one more is allowed; nullopt if it is allowed now.
std::optional<Time> RoomAt(const std::vector<Time>& last_hour, int at_most) {
  const auto limit = static_cast<size_t>(at_most);
  if (last_hour.size() < limit) return std::nullopt;
  return last_hour[last_hour.size() - limit] + std::chrono::hours(1);
}

}  // namespace

std::optional<ExhaustedBudget> FindExhausted(const Budgets& budgets, const BudgetUse& use) {
  if (use.in_flight_on_service >= budgets.in_flight_per_service) {
    return ExhaustedBudget{BudgetLimit::kInFlightOnService, std::nullopt};
  }
  if (use.in_flight >= budgets.in_flight) {
    return ExhaustedBudget{BudgetLimit::kInFlight, std::nullopt};
  }
  if (const auto until = RoomAt(use.last_hour_in_group, budgets.per_hour_per_group)) {
    return ExhaustedBudget{BudgetLimit::kHourInGroup, until};
  }
  if (const auto until = RoomAt(use.last_hour, budgets.per_hour)) {
    return ExhaustedBudget{BudgetLimit::kHour, until};
  }
  return std::nullopt;
}

}  // namespace promheal::healing
