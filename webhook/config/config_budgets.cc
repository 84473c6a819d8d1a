#include "webhook/config/config_budgets.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "webhook/config/limits.h"

namespace promheal::healing {
namespace {

std::string DefaultServiceLabel(const std::vector<std::string>& target_labels) {
  const std::string usual = Budgets().service_label;
  const bool is_there =
      std::find(target_labels.begin(), target_labels.end(), usual) != target_labels.end();
  return is_there || target_labels.empty() ? usual : target_labels.back();
}

void ReadLabel(YamlMap& map, std::string_view key, const std::vector<std::string>& target_labels,
               std::string& label) {
  if (!map.Read(key, &label)) return;
  if (std::find(target_labels.begin(), target_labels.end(), label) == target_labels.end()) {
    map.AddError(map.MarkOf(key),
                 fmt::format("{}: '{}' is not among targets.labels: expected one of {}", key, label,
                             fmt::join(target_labels, ", ")));
  }
}

void ReadStorm(YamlMap& map, StormLimit& storm) {
  map.Read("incidents", &storm.incidents, {.min = 1, .max = 100'000});
  map.Read("window", &storm.window, {.min = kLeastInterval, .max = std::chrono::hours(24)});
  map.Read("calm", &storm.calm, {.min = kLeastInterval, .max = std::chrono::hours(24)});
}

void WriteStorm(const StormLimit& storm, YamlWriter& writer) {
  writer.Value("incidents", storm.incidents);
  writer.Value("window", storm.window);
  writer.Value("calm", storm.calm);
}

}  // namespace

void ReadBudgets(YamlMap& root, const std::vector<std::string>& target_labels, Budgets& budgets) {
  budgets.service_label = budgets.group_label = DefaultServiceLabel(target_labels);
  root.ReadMap("budgets", [&](YamlMap& map) {
    map.Read("actions_in_flight", &budgets.in_flight, {.min = 1, .max = 16});
    map.Read("actions_in_flight_per_service", &budgets.in_flight_per_service,
             {.min = 1, .max = 16});
    ReadLabel(map, "service_label", target_labels, budgets.service_label);
    map.Read("actions_per_hour", &budgets.per_hour, {.min = 1, .max = 10'000});
    map.Read("actions_per_hour_per_group", &budgets.per_hour_per_group, {.min = 1, .max = 10'000});
    ReadLabel(map, "group_label", target_labels, budgets.group_label);
    map.ReadMap("storm", [&](YamlMap& below) { ReadStorm(below, budgets.storm); });
  });
}

void WriteBudgets(const Budgets& budgets, YamlWriter& writer) {
  writer.Map("budgets", [&] {
    writer.Value("actions_in_flight", budgets.in_flight);
    writer.Value("actions_in_flight_per_service", budgets.in_flight_per_service);
    writer.Value("service_label", budgets.service_label);
    writer.Value("actions_per_hour", budgets.per_hour);
    writer.Value("actions_per_hour_per_group", budgets.per_hour_per_group);
    writer.Value("group_label", budgets.group_label);
    writer.Map("storm", [&] { WriteStorm(budgets.storm, writer); });
  });
}

}  // namespace promheal::healing
