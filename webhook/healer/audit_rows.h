#pragma once

#include <string>
#include <vector>

#include "webhook/config/config.h"
#include "webhook/core/advance/advance.h"
#include "webhook/core/order.h"
#include "webhook/ledger/audit.h"

namespace promheal::healing {

// The alert with this key has opened the incident.
AuditRow OpenedRow(const Incident& incident, const std::string& alert_key,
                   const std::string& sender);

// A person's order that changed something.
AuditRow OrderedRow(const Order& order, const OrderReport& report, Time now);

// What the stimulus has changed about the incident: decisions that lead to an action, intents,
// outcomes, verdicts, what becomes of overrides, a target that is left alone, the end. Nothing for
// questions, refusals and waiting.
std::vector<AuditRow> AuditRowsOf(const Incident& incident, const Advanced& advanced,
                                  const Stimulus& stimulus, Time now);

// The healer takes up its work; or, where it had read its ledger before, again.
AuditRow StartedRow(const HealingConfig& config, bool again, Time now);
AuditRow ReloadedRow(const HealingConfig& config, Time now);

}  // namespace promheal::healing
