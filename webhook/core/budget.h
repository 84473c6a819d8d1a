#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/storm.h"

namespace promheal::healing {

// How many actions are allowed. An action is in flight from its intent until its verdict: until
// then it is unknown whether its target is healthy. An hour's actions count from their intents,
// whatever their results; an action that never took place does not count.
struct Budgets {
  int in_flight = 2;              // At once, on all targets,
  int in_flight_per_service = 1;  // and on targets with the same value of `service_label`.
  std::string service_label = "service";
  int per_hour = 60;            // Within any hour, on all targets,
  int per_hour_per_group = 20;  // and on targets with the same value of `group_label`.
  std::string group_label = "service";
  StormLimit storm;
};

struct BudgetUse {
  int in_flight = 0;
  int in_flight_on_service = 0;
  std::vector<Time> last_hour = {};                // Times of the last hour's intents, in order,
  std::vector<Time> last_hour_in_group = {};       // and those in the target's group.
  std::optional<Time> storm_until = std::nullopt;  // The end of a storm; see StormLimit.
};

enum class BudgetLimit { kInFlight, kInFlightOnService, kHour, kHourInGroup };

// A budget that forbids one more action, and when it allows the next, if that is known.
struct ExhaustedBudget {
  BudgetLimit limit = BudgetLimit::kInFlight;
  std::optional<Time> until;
};
std::optional<ExhaustedBudget> FindExhausted(const Budgets& budgets, const BudgetUse& use);

}  // namespace promheal::healing
