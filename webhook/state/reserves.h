#pragma once

#include <string>
#include <vector>

#include "webhook/core/budget.h"
#include "webhook/state/open_incidents.h"
#include "webhook/state/spending.h"

namespace promheal::healing {

// How many more actions a budget allows.
struct BudgetLeft {
  std::string budget;  // As its key in the configuration: "actions_per_hour".
  std::string group;   // Whose; "" where it is everybody's.
  int left = 0;

  bool operator==(const BudgetLeft&) const = default;
};

// What may still be done, for people and rules.
struct Reserves {
  std::vector<BudgetLeft> budgets;  // Of groups only those that something was spent in.
  bool storm = false;

  bool operator==(const Reserves&) const = default;
};
Reserves ReservesOf(const OpenIncidents& open, Spending& spending, const Budgets& budgets,
                    Time now);

}  // namespace promheal::healing
