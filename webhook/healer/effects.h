#pragma once

#include <optional>
#include <string>

#include "webhook/healer/known_configs.h"
#include "webhook/state/calls.h"
#include "webhook/state/ledger_image.h"
#include "webhook/state/spending.h"

namespace promheal::healing {

// Applies an effect of the incident with this key: changes the image at once (durable with the
// step), or returns a call to start once the step is durable.
std::optional<CallRequest> Apply(const std::string& key, const Incident& incident, Effect effect,
                                 const KnownConfigs& configs, LedgerImage& image,
                                 Spending& spending);

}  // namespace promheal::healing
