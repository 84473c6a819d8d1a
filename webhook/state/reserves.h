#pragma once

#include <string>
#include <vector>

#include "webhook/core/budget.h"
#include "webhook/state/open_incidents.h"
#include "webhook/state/spending.h"

namespace promheal::healing {

// How many more actions a budget allows.
struct BudgetLeft {
  std::string budget;  // Its key in the configuration: "actions_per_hour".
  std::string group;   // "" if it is not counted by group.
  int left = 0;

  bool operator==(const BudgetLeft&) const = default;
};

// The remaining budgets, for people and rules.
struct Reserves {
  std::vector<BudgetLeft> budgets;  // Groups without use are left out.
  bool storm = false;

  bool operator==(const Reserves&) const = default;
};
Reserves ReservesOf(const OpenIncidents& open, Spending& spending, const Budgets& budgets,
                    Time now);

}  // namespace promheal::healing
