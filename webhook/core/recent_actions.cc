#include "webhook/core/recent_actions.h"

#include <algorithm>

namespace promheal::healing {

void RecentActions::Add(const std::string& attempt_id, const Labels& target, Time at) {
  taken_.emplace(at, Taken{attempt_id, target});
}

void RecentActions::Remove(const std::string& attempt_id) {
  std::erase_if(taken_, [&](const auto& entry) { return entry.second.attempt_id == attempt_id; });
}

void RecentActions::Forget(Time now) {
  taken_.erase(taken_.begin(), taken_.upper_bound(now - std::chrono::hours(1)));
}

std::vector<Time> RecentActions::All() const {
  std::vector<Time> times;
  for (const auto& [at, taken] : taken_) times.push_back(at);
  return times;
}

std::vector<Time> RecentActions::InGroup(const std::string& label, const Labels& target) const {
  std::vector<Time> times;
  for (const auto& [at, taken] : taken_) {
    if (taken.target.Get(label) == target.Get(label)) times.push_back(at);
  }
  return times;
}

std::map<std::string, int> RecentActions::CountBy(const std::string& label) const {
  std::map<std::string, int> count;
  for (const auto& [at, taken] : taken_) ++count[std::string(taken.target.Get(label))];
  return count;
}

}  // namespace promheal::healing
