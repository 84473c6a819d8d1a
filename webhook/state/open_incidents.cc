#include "webhook/state/open_incidents.h"

#include <algorithm>

#include "webhook/core/advance/set_back.h"
#include "webhook/core/alert.h"
#include "webhook/core/scenario.h"

namespace promheal::healing {
namespace {

void Note(OpenIncidents::Index& index, const std::string& key,
          const std::shared_ptr<const Incident>& incident, bool belongs) {
  if (belongs) {
    index[key] = incident;
  } else {
    index.erase(key);
  }
}

}  // namespace

void OpenIncidents::Put(const std::string& key, std::shared_ptr<const Incident> incident) {
  const auto [followed, fresh] = followed_.try_emplace(key);
  if (fresh) wakes_.emplace(followed->second.wake_at, key);
  const bool in_flight = IsActionInFlight(incident->state);
  Note(in_flight_, key, incident, in_flight);
  Note(holding_, key, incident, !incident->overrides.empty());
  Note(busy_, key, incident, in_flight || NextToRelease(*incident) != nullptr);
}

void OpenIncidents::Remove(const std::string& key) {
  const auto followed = followed_.find(key);
  if (followed == followed_.end()) return;
  wakes_.erase({followed->second.wake_at, key});
  followed_.erase(followed);
  for (Index* index : {&in_flight_, &holding_, &busy_}) index->erase(key);
}

void OpenIncidents::WakeAt(const std::string& key, Time at) {
  const auto followed = followed_.find(key);
  if (followed == followed_.end()) return;
  wakes_.erase({followed->second.wake_at, key});
  followed->second.wake_at = at;
  wakes_.emplace(at, key);
}

std::vector<std::string> OpenIncidents::Due(Time now) const {
  std::vector<std::string> due;
  for (const auto& [at, key] : wakes_) {
    if (at > now) break;
    due.push_back(key);
  }
  // By key, so that the order does not depend on due times.
  std::sort(due.begin(), due.end());
  return due;
}

std::vector<std::string> OpenIncidents::All() const {
  std::vector<std::string> all;
  for (const auto& [key, followed] : followed_) all.push_back(key);
  return all;
}

Time OpenIncidents::NextWake(Time at_most) const {
  return wakes_.empty() ? at_most : std::min(at_most, wakes_.begin()->first);
}

void OpenIncidents::SetBack(Duration by) {
  wakes_.clear();
  for (auto& [key, followed] : followed_) {
    healing::SetBack(followed.watch, by);
    followed.wake_at -= by;
    wakes_.emplace(followed.wake_at, key);
  }
}

std::string OpenIncidents::BusyPartOf(const Incident& incident,
                                      const ScenarioPrecedence& precedence) const {
  const size_t rank = ScenarioRank(precedence, incident.scenario);
  for (const auto& [key, other] : busy_) {
    if (IsPartOf(other->target, incident.target) &&
        rank >= ScenarioRank(precedence, other->scenario)) {
      return other->target.ToDisplayName();
    }
  }
  return "";
}

BudgetUse UseWithout(const OpenIncidents& incidents, const std::string& key, const Labels& target,
                     const Budgets& budgets) {
  BudgetUse use;
  for (const auto& [other, incident] : incidents.in_flight()) {
    if (other == key) continue;
    ++use.in_flight;
    const std::string& label = budgets.service_label;
    if (incident->target.Get(label) == target.Get(label)) ++use.in_flight_on_service;
  }
  return use;
}

}  // namespace promheal::healing
