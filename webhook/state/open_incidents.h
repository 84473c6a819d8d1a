#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/advance/watch.h"
#include "webhook/core/incident.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// The state of open incidents beyond their ledger records: evidence, due times, and indexes of
// incidents that others depend on. Only All and SetBack visit every incident, so that ten thousand
// waiting incidents cost nothing.
class OpenIncidents {
 public:
  // Incidents by ledger key.
  using Index = std::map<std::string, std::shared_ptr<const Incident>>;

  // Adds or replaces an incident.
  void Put(const std::string& key, std::shared_ptr<const Incident> incident);
  void Remove(const std::string& key);
  bool Contains(const std::string& key) const { return followed_.contains(key); }
  Watch& WatchOf(const std::string& key) { return followed_.at(key).watch; }

  void WakeAt(const std::string& key, Time at);
  std::vector<std::string> Due(Time now) const;
  std::vector<std::string> All() const;
  // The earliest due time, or `at_most`.
  Time NextWake(Time at_most) const;
  // The wall clock has been set back: see core/set_back.h.
  void SetBack(Duration by);

  const Index& in_flight() const { return in_flight_; }  // With an action under way.
  const Index& holding() const { return holding_; }      // With an override on record.

  // The name of a part of the incident's target that is being healed for a scenario at least as
  // serious; or "".
  std::string BusyPartOf(const Incident& incident, const ScenarioPrecedence& precedence) const;

 private:
  struct Followed {
    Watch watch;
    Time wake_at;
  };

  std::map<std::string, Followed> followed_;
  std::set<std::pair<Time, std::string>> wakes_;  // The same times, earliest first.
  Index in_flight_;
  Index holding_;
  Index busy_;  // In flight, or with an override to release.
};

// The budgets' use for an action on `target`, without the incident with this key.
BudgetUse UseWithout(const OpenIncidents& incidents, const std::string& key, const Labels& target,
                     const Budgets& budgets);

}  // namespace promheal::healing
