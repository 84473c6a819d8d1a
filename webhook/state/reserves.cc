#include "webhook/state/reserves.h"

#include <algorithm>
#include <map>

namespace promheal::healing {
namespace {

void Add(Reserves& reserves, const std::string& budget, const std::string& group, int limit,
         int used) {
  reserves.budgets.push_back({budget, group, std::max(0, limit - used)});
}

}  // namespace

Reserves ReservesOf(const OpenIncidents& open, Spending& spending, const Budgets& budgets,
                    Time now) {
  Reserves reserves;
  Add(reserves, "actions_in_flight", "", budgets.in_flight,
      static_cast<int>(open.in_flight().size()));
  std::map<std::string, int> on_service;
  for (const auto& [key, incident] : open.in_flight()) {
    ++on_service[std::string(incident->target.Get(budgets.service_label))];
  }
  for (const auto& [service, used] : on_service) {
    Add(reserves, "actions_in_flight_per_service", service, budgets.in_flight_per_service, used);
  }
  const RecentActions& recent = spending.RecentAt(now);
  Add(reserves, "actions_per_hour", "", budgets.per_hour, static_cast<int>(recent.All().size()));
  for (const auto& [group, used] : recent.CountBy(budgets.group_label)) {
    Add(reserves, "actions_per_hour_per_group", group, budgets.per_hour_per_group, used);
  }
  reserves.storm = spending.storm_until() && now < *spending.storm_until();
  return reserves;
}

}  // namespace promheal::healing
