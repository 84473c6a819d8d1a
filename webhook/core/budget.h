#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/storm.h"

namespace promheal::healing {

// How much may be done. An action is under way from its intent until its verdict: until then nobody
// knows whether its target is healthy. An hour's actions count from their intents, whatever came
// of them; one that never took place does not count.
struct Budgets {
  int in_flight = 2;              // At once, altogether,
  int in_flight_per_service = 1;  // and on targets with the same value of `service_label`.
  std::string service_label = "service";
  int per_hour = 60;            // Within any hour, altogether,
  int per_hour_per_group = 20;  // and on targets with the same value of `group_label`.
  std::string group_label = "service";
  StormLimit storm;
};

struct BudgetUse {
  int in_flight = 0;
  int in_flight_on_service = 0;
  std::vector<Time> last_hour = {};           // The intents of the last hour, in order of time,
  std::vector<Time> last_hour_in_group = {};  // and those in the target's group.
  std::optional<Time> storm_until = std::nullopt;  // Too much is going wrong at once until then.
};

enum class BudgetLimit { kInFlight, kInFlightOnService, kHour, kHourInGroup };

// What forbids one more action, and when it lets go by itself, where that is known.
struct ExhaustedBudget {
  BudgetLimit limit = BudgetLimit::kInFlight;
  std::optional<Time> until;
};
std::optional<ExhaustedBudget> FindExhausted(const Budgets& budgets, const BudgetUse& use);

}  // namespace promheal::healing
