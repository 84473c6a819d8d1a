#include "webhook/config/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "common/io/file.h"
#include "common/io/prometheus/prometheus_options.h"
#include "common/io/sha256.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config_actions.h"
#include "webhook/config/config_alertmanager.h"
#include "webhook/config/config_budgets.h"
#include "webhook/config/config_maintenance.h"
#include "webhook/config/config_policies.h"
#include "webhook/config/config_targets.h"
#include "webhook/config/config_warnings.h"
#include "webhook/config/label_matches.h"
#include "webhook/config/limits.h"

namespace promheal::healing {
namespace {

void ReadAlerts(YamlMap& root, HealingConfig& config) {
  root.ReadMap("alerts", [&](YamlMap& map) {
    map.Read("expire_after", &config.alert_expires_after, {.min = kLeastInterval});
    map.Read("reorder_tolerance", &config.reorder_tolerance, {.min = Duration(0)});
    map.ReadMap("watchdog",
                [&](YamlMap& below) { config.watchdog = ReadLabelMatches(below, "watchdog"); });
  });
}

void WriteAlerts(const HealingConfig& config, YamlWriter& writer) {
  writer.Map("alerts", [&] {
    writer.Value("expire_after", config.alert_expires_after);
    writer.Value("reorder_tolerance", config.reorder_tolerance);
    writer.Map("watchdog", [&] { WriteLabelMatches(config.watchdog, writer); });
  });
}

void ReadIncidents(YamlMap& root, HealingConfig& config) {
  root.ReadMap("incidents", [&](YamlMap& map) {
    map.Read("collection_window", &config.policies.collection_window, {.min = Duration(0)});
    map.Read("unconfirmed_after", &config.policies.unconfirmed_after, {.min = kLeastInterval});
    map.Read("retention", &config.retention, {.min = std::chrono::hours(1)});
  });
}

void WriteIncidents(const HealingConfig& config, YamlWriter& writer) {
  writer.Map("incidents", [&] {
    writer.Value("collection_window", config.policies.collection_window);
    writer.Value("unconfirmed_after", config.policies.unconfirmed_after);
    writer.Value("retention", config.retention);
  });
}

std::vector<ConfigWarning> ReadRoot(YamlMap& root, const Clock& clock, HealingConfig& config) {
  PolicySet& set = config.policies;
  root.ReadMap("prometheus", [&](YamlMap& map) { ReadPrometheusOptions(map, &config.prometheus); });
  ReadAlertmanager(root, config.alertmanager);
  ReadTargets(root, config);
  ReadAlerts(root, config);
  ReadIncidents(root, config);
  root.Read("scenarios", &set.scenarios);
  ReadBudgets(root, config.target_labels, set.budgets);
  ReadMaintenance(root, set.maintenance);
  ConfigPlaces places;
  const KnownActions actions = ReadActions(root, clock, config, places);
  ReadPolicies(root, actions, config, places);
  root.Finish();
  return FindWarnings(set, actions, places, config.target_labels);
}

Result<ConfigSnapshot> Read(const std::string& name, YamlDocument document, std::string_view text,
                            const Clock& clock, const ConfigOverrides& overrides) {
  auto config = std::make_shared<HealingConfig>();
  config->sha256 = Sha256Hex(text);
  YamlMap root = document.root();
  for (const ConfigWarning& warning : ReadRoot(root, clock, *config)) {
    config->warnings.push_back(fmt::format("{}:{}:{}: warning: {}", name, warning.at.line,
                                           warning.at.column, warning.text));
  }
  if (auto status = document.status(); !status) return tl::make_unexpected(status.error());
  if (!overrides.prometheus_url.empty()) config->prometheus.url = overrides.prometheus_url;
  if (overrides.adjust) overrides.adjust(*config);
  return ConfigSnapshot(std::move(config));
}

}  // namespace

Result<ConfigSnapshot> LoadConfig(const std::string& path, const Clock& clock,
                                  const ConfigOverrides& overrides) {
  const Result<std::string> text = ReadFile(path);
  if (!text)
    return Read(path, YamlDocument::Load(path), "", clock, overrides);  // Its error says why.
  return Read(path, YamlDocument::Parse(path, *text), *text, clock, overrides);
}

Result<ConfigSnapshot> ParseConfig(const std::string& name, std::string_view text,
                                   const Clock& clock, const ConfigOverrides& overrides) {
  return Read(name, YamlDocument::Parse(name, text), text, clock, overrides);
}

std::string WriteConfig(const HealingConfig& config) {
  const PolicySet& set = config.policies;
  YamlWriter writer;
  writer.Map("prometheus", [&] { WritePrometheusOptions(config.prometheus, writer); });
  WriteAlertmanager(config.alertmanager, writer);
  WriteTargets(config, writer);
  WriteAlerts(config, writer);
  WriteIncidents(config, writer);
  writer.Values("scenarios", set.scenarios);
  WriteBudgets(set.budgets, writer);
  WriteMaintenance(set.maintenance, writer);
  WriteActions(config, writer);
  WritePolicies(set, writer);
  return writer.text();
}

bool IsWatchdog(const HealingConfig& config, const Labels& labels) {
  return !config.watchdog.empty() && MatchesAll(config.watchdog, labels);
}

std::string Summary(const HealingConfig& config) {
  const auto& policies = config.policies.policies;
  std::string modes;
  for (const Mode mode : {Mode::kAuto, Mode::kRecommend, Mode::kShadow}) {
    const auto count = std::count_if(policies.begin(), policies.end(),
                                     [&](const Policy& policy) { return policy.mode == mode; });
    if (count == 0) continue;
    modes += fmt::format("{}{} {}", modes.empty() ? "" : ", ", count, ToString(mode));
  }
  return fmt::format("{} policies ({}), {} actions", policies.size(),
                     modes.empty() ? "nothing will be healed" : modes, config.executors.size());
}

}  // namespace promheal::healing
