#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "webhook/core/advance/advance.h"
#include "webhook/core/recent_actions.h"
#include "webhook/core/storm.h"
#include "webhook/state/ledger_image.h"

namespace promheal::healing {

// Use of the hourly budgets, and storms. Both follow from the ledger, so that a crash or restart
// does not reset them. After a restart, storms count open incidents and the latest closed ones
// only.
class Spending {
 public:
  // Recently closed incidents also count towards storms, by opening time.
  void Load(const std::vector<Incident>& closed);
  // Counts again from the ledger's cooldowns, their uses, and open incidents.
  void Recount(const LedgerImage& image, const Budgets& budgets, Time now);

  void Opened(const Budgets& budgets, Time now) { storm_.Opened(now, budgets.storm); }
  void Closed(const Incident& incident);
  // These also write the cooldown.
  void Start(LedgerImage& image, const Labels& target, const StartCooldown& start);
  void Void(LedgerImage& image, const Labels& target, const VoidCooldown& voided);

  // Adds the use that limits the next action on the target.
  void AddTo(BudgetUse& use, const Budgets& budgets, const Labels& target, Time now);

  std::optional<Time> storm_until() const { return storm_.until(); }
  const RecentActions& RecentAt(Time now) {
    recent_.Forget(now);
    return recent_;
  }

 private:
  RecentActions recent_;
  StormWatch storm_;
  std::deque<Time> closed_;  // Opening times of recently closed incidents.
};

}  // namespace promheal::healing
