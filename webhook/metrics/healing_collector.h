#pragma once

#include <prometheus/collectable.h>

#include <memory>

#include "webhook/healer/inbox.h"
#include "webhook/state/healing_snapshot.h"
#include "webhook/state/ledger_health.h"

namespace promheal::healing {

// Collects the state at the time of the scrape: healing_incidents{state}, healing_action_in_flight,
// healing_target_frozen and healing_override_active with the target's labels, the depth of the
// queue, and whether the ledger works. All arguments must outlive the collector.
std::shared_ptr<prometheus::Collectable> MakeHealingCollector(const PublishedSnapshot& published,
                                                              const Inbox& inbox,
                                                              const LedgerHealth& health);

}  // namespace promheal::healing
