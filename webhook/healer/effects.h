#pragma once

#include <optional>
#include <string>

#include "webhook/healer/known_configs.h"
#include "webhook/state/calls.h"
#include "webhook/state/ledger_image.h"
#include "webhook/state/spending.h"

namespace promheal::healing {

// What an effect of the incident with this key means outside its record: an entry of the ledger,
// which is made at once and becomes durable with the step, or a call, to be started after that.
std::optional<CallRequest> Apply(const std::string& key, const Incident& incident, Effect effect,
                                 const KnownConfigs& configs, LedgerImage& image,
                                 Spending& spending);

}  // namespace promheal::healing
