#pragma once

#include "webhook/ledger/json_values.h"
#include "webhook/ledger/records.h"

// How records are written as JSON; incidents in incident_json.cc. Heavy: see json_values.h.
namespace promheal::healing {

void to_json(nlohmann::json& json, const AlertRecord& alert);
void from_json(const nlohmann::json& json, AlertRecord& alert);
void to_json(nlohmann::json& json, const Incident& incident);
void from_json(const nlohmann::json& json, Incident& incident);
void to_json(nlohmann::json& json, const CooldownRecord& cooldown);
void from_json(const nlohmann::json& json, CooldownRecord& cooldown);
void to_json(nlohmann::json& json, const FrozenRecord& frozen);
void from_json(const nlohmann::json& json, FrozenRecord& frozen);
void to_json(nlohmann::json& json, const Pause& pause);
void from_json(const nlohmann::json& json, Pause& pause);

}  // namespace promheal::healing
