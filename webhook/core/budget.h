#pragma once

#include <optional>
#include <string>

namespace promheal::healing {

// How many actions may be under way at once. An action is under way from its intent until its
// verdict: until then nobody knows whether its target is healthy.
struct Budgets {
  int in_flight = 2;              // Altogether.
  int in_flight_per_service = 1;  // On targets with the same value of `service_label`.
  std::string service_label = "service";
};

struct BudgetUse {
  int in_flight = 0;
  int in_flight_on_service = 0;
};

enum class BudgetLimit { kGlobal, kService };

// Which budget forbids one more action, or nothing.
std::optional<BudgetLimit> ExhaustedBudget(const Budgets& budgets, const BudgetUse& use);

}  // namespace promheal::healing
