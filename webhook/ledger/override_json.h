#pragma once

#include "webhook/core/override/held_override.h"
#include "webhook/ledger/json_values.h"

// A held override as JSON, a part of an incident's record: see json_values.h.
namespace promheal::healing {

void to_json(nlohmann::json& json, const HeldOverride& override);
void from_json(const nlohmann::json& json, HeldOverride& override);

}  // namespace promheal::healing
