#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"

namespace promheal::healing {

// The actions of the last hour on all targets, for the hourly budgets.
class RecentActions {
 public:
  void Add(const std::string& attempt_id, const Labels& target, Time at);
  void Remove(const std::string& attempt_id);  // For an action that never took place.
  void Forget(Time now);                       // Drops those that are an hour old at `now`.

  // The times of their intents, in order.
  std::vector<Time> All() const;
  // Only on targets with the same value of `label` as `target`.
  std::vector<Time> InGroup(const std::string& label, const Labels& target) const;
  // Their number by the target's value of `label`.
  std::map<std::string, int> CountBy(const std::string& label) const;

 private:
  struct Taken {
    std::string attempt_id;
    Labels target;
  };
  std::multimap<Time, Taken> taken_;
};

}  // namespace promheal::healing
