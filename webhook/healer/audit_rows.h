#pragma once

#include <string>
#include <vector>

#include "webhook/config/config.h"
#include "webhook/core/advance/advance.h"
#include "webhook/core/order.h"
#include "webhook/ledger/audit.h"

namespace promheal::healing {

// The alert with this key, from `sender`, opened the incident.
AuditRow OpenedRow(const Incident& incident, const std::string& alert_key,
                   const std::string& sender);

// A person's order that changed something.
AuditRow OrderedRow(const Order& order, const OrderReport& report, Time now);

// Rows about the changes that the stimulus caused: decisions for an action, intents, outcomes,
// verdicts, changes of overrides, freezes, and the closing. Questions, refusals and waits leave no
// row.
std::vector<AuditRow> AuditRowsOf(const Incident& incident, const Advanced& advanced,
                                  const Stimulus& stimulus, Time now);

// The healer starts; with `again` it has read its ledger again after a failure.
AuditRow StartedRow(const HealingConfig& config, bool again, Time now);
AuditRow ReloadedRow(const HealingConfig& config, Time now);

}  // namespace promheal::healing
