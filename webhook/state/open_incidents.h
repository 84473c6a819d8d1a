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

// What the healer follows of open incidents beyond their ledger records: what data said of each,
// when each is due, and which of them the others depend on. Nothing here walks over all of them
// unless all are asked for: ten thousand that only wait cost nothing.
class OpenIncidents {
 public:
  // Incidents by ledger key.
  using Index = std::map<std::string, std::shared_ptr<const Incident>>;

  // A fresh one, or how one is from now on.
  void Put(const std::string& key, std::shared_ptr<const Incident> incident);
  void Remove(const std::string& key);
  bool Contains(const std::string& key) const { return followed_.contains(key); }
  Watch& WatchOf(const std::string& key) { return followed_.at(key).watch; }

  void WakeAt(const std::string& key, Time at);
  std::vector<std::string> Due(Time now) const;
  std::vector<std::string> All() const;
  // The earliest that is due, or `at_most`.
  Time NextWake(Time at_most) const;
  // The wall clock has been set back: see core/set_back.h.
  void SetBack(Duration by);

  const Index& in_flight() const { return in_flight_; }  // With an action under way.
  const Index& holding() const { return holding_; }      // With an override on record.

  // A part of the incident's target that is being healed for something at least as serious, by
  // name; or "".
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
  Index busy_;  // In flight, or with something yet to be released.
};

// What the budgets count for an action on `target`: without the incident with this key.
BudgetUse UseWithout(const OpenIncidents& incidents, const std::string& key, const Labels& target,
                     const Budgets& budgets);

}  // namespace promheal::healing
