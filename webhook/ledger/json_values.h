#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "common/base/labels.h"
#include "common/base/time.h"

// The parts of records as JSON. Slow to compile: only sources that read or write records include
// it. Readers throw on damage; records.cc turns that into an error.
namespace promheal {

void to_json(nlohmann::json& json, const Labels& labels);
void from_json(const nlohmann::json& json, Labels& labels);

}  // namespace promheal

namespace promheal::healing {

nlohmann::json TimeJson(Time time);
Time TimeAt(const nlohmann::json& json, const char* key);

// nullopt is stored as a missing key.
void PutTime(nlohmann::json& json, const char* key, const std::optional<Time>& time);
std::optional<Time> OptionalTimeAt(const nlohmann::json& json, const char* key);

// The enumerator from 0 to `last` whose ToString is the text at `key`.
template <typename Enum>
Enum EnumAt(const nlohmann::json& json, const char* key, Enum last) {
  const std::string text = json.at(key).get<std::string>();
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (ToString(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  throw std::runtime_error("unknown value '" + text + "'");
}

}  // namespace promheal::healing
