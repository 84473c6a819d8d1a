#include "webhook/ledger/json_values.h"

#include <utility>
#include <vector>

namespace promheal {

void to_json(nlohmann::json& json, const Labels& labels) {
  json = nlohmann::json::object();
  for (const auto& [name, value] : labels) json[name] = value;
}

void from_json(const nlohmann::json& json, Labels& labels) {
  std::vector<Labels::Pair> pairs;
  for (const auto& [name, value] : json.items()) pairs.emplace_back(name, value.get<std::string>());
  labels = Labels(std::move(pairs));
}

}  // namespace promheal

namespace promheal::healing {

nlohmann::json TimeJson(Time time) { return FormatRfc3339(time); }

Time TimeAt(const nlohmann::json& json, const char* key) {
  const Result<Time> time = ParseRfc3339(json.at(key).get<std::string>());
  if (!time) throw std::runtime_error(time.error().message);
  return *time;
}

void PutTime(nlohmann::json& json, const char* key, const std::optional<Time>& time) {
  if (time) json[key] = TimeJson(*time);
}

std::optional<Time> OptionalTimeAt(const nlohmann::json& json, const char* key) {
  if (!json.contains(key)) return std::nullopt;
  return TimeAt(json, key);
}

}  // namespace promheal::healing
