#pragma once

#include <nlohmann/json.hpp>

#include "webhook/ledger/records.h"

// How records are written as JSON. Heavy: included by records.cc and record_json.cc only. Readers
// throw on damage; records.cc turns that into an error.
namespace promheal {

void to_json(nlohmann::json& json, const Labels& labels);
void from_json(const nlohmann::json& json, Labels& labels);

}  // namespace promheal

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
