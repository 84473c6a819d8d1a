#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"

namespace promheal::healing {

// The actions of the last hour on all targets: what hourly budgets count.
class RecentActions {
 public:
  void Add(const std::string& attempt_id, const Labels& target, Time at);
  void Remove(const std::string& attempt_id);  // It never took place.
  void Forget(Time now);                       // What is an hour old at `now`.

  // When they were intended, in order of time.
  std::vector<Time> All() const;
  // Those on targets that have the same value of `label` as `target`.
  std::vector<Time> InGroup(const std::string& label, const Labels& target) const;
  // How many there were, by the value of `label`.
  std::map<std::string, int> CountBy(const std::string& label) const;

 private:
  struct Taken {
    std::string attempt_id;
    Labels target;
  };
  std::multimap<Time, Taken> taken_;
};

}  // namespace promheal::healing
