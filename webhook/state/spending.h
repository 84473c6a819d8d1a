#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "webhook/core/advance/advance.h"
#include "webhook/core/recent_actions.h"
#include "webhook/core/storm.h"
#include "webhook/state/ledger_image.h"

namespace promheal::healing {

// What has been spent of the hourly budgets, and whether there is a storm. All of it follows from
// the ledger, so that neither a crash nor a restart gives an action back. Of a storm only what is
// open and the latest closed incidents are known after a restart.
class Spending {
 public:
  // The incidents that have closed lately opened before, too.
  void Load(const std::vector<Incident>& closed);
  // From what the ledger has: cooldowns with their uses, and open incidents.
  void Recount(const LedgerImage& image, const Budgets& budgets, Time now);

  void Opened(const Budgets& budgets, Time now) { storm_.Opened(now, budgets.storm); }
  void Closed(const Incident& incident);
  // Also write the cooldown.
  void Start(LedgerImage& image, const Labels& target, const StartCooldown& start);
  void Void(LedgerImage& image, const Labels& target, const VoidCooldown& voided);

  // What the next action on the target has to reckon with.
  void AddTo(BudgetUse& use, const Budgets& budgets, const Labels& target, Time now);

  std::optional<Time> storm_until() const { return storm_.until(); }
  const RecentActions& RecentAt(Time now) {
    recent_.Forget(now);
    return recent_;
  }

 private:
  RecentActions recent_;
  StormWatch storm_;
  std::deque<Time> closed_;  // When the incidents opened that have closed lately.
};

}  // namespace promheal::healing
