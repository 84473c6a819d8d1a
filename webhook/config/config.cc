#include "webhook/config/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "common/io/file.h"
#include "common/io/prometheus/prometheus_options.h"
#include "common/io/sha256.h"
#include "webhook/config/config_labels.h"
#include "webhook/config/config_maintenance.h"
#include "webhook/config/config_warnings.h"
#include "webhook/plugins/executor_table.h"

namespace promheal::healing {
namespace {

constexpr Duration kLeastInterval{100};

// Of our own series, beside those of a target: see docs/metrics.md.
bool IsOurOwn(std::string_view label) {
  constexpr std::string_view kOurs[] = {"action", "gateway", "place", "scenario", "verdict"};
  return std::find(std::begin(kOurs), std::end(kOurs), label) != std::end(kOurs);
}

// Names of labels, each once also over several calls with the same `seen`.
void ReadLabelNames(YamlMap& map, std::string_view key, std::set<std::string>& seen,
                    std::vector<std::string>& labels) {
  map.Read(key, &labels);
  for (const std::string& label : labels) {
    if (!seen.insert(label).second) {
      map.AddError(map.MarkOf(key), fmt::format("{}: '{}' stands there twice", key, label));
    } else if (!IsValidLabelName(label)) {
      map.AddError(map.MarkOf(key), fmt::format("{}: '{}' is not a label name", key, label));
    } else if (IsOurOwn(label)) {
      map.AddError(map.MarkOf(key), fmt::format("{}: '{}' is a label of our own series: expected "
                                                "another one (see label_replace)",
                                                key, label));
    }
  }
}

void ReadTargets(YamlMap& map, HealingConfig& config) {
  std::set<std::string> seen;
  ReadLabelNames(map, "labels", seen, config.target_labels);
  ReadLabelNames(map, "optional_labels", seen, config.optional_labels);
  if (config.target_labels.empty()) {
    map.AddError(map.MarkOf("labels"), "labels: expected at least one label name");
  }
  map.ReadList("protected", [&](YamlMap& match) {
    std::vector<LabelMatch> matches = ReadLabelMatches(match, "protected");
    if (matches.empty()) match.AddError(match.mark(), "protected: expected labels to match");
    config.policies.protected_targets.push_back(std::move(matches));
  });
}

// What tells services apart is one of the labels that tell targets apart: `service` where that is
// one, or else the last.
std::string DefaultServiceLabel(const std::vector<std::string>& target_labels) {
  const std::string usual = Budgets().service_label;
  const bool is_there =
      std::find(target_labels.begin(), target_labels.end(), usual) != target_labels.end();
  return is_there || target_labels.empty() ? usual : target_labels.back();
}

// A label by which budgets tell targets apart.
void ReadBudgetLabel(YamlMap& map, std::string_view key,
                     const std::vector<std::string>& target_labels, std::string& label) {
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

void ReadBudgets(YamlMap& map, const std::vector<std::string>& target_labels, Budgets& budgets) {
  map.Read("actions_in_flight", &budgets.in_flight, {.min = 1, .max = 16});
  map.Read("actions_in_flight_per_service", &budgets.in_flight_per_service, {.min = 1, .max = 16});
  map.Read("actions_per_hour", &budgets.per_hour, {.min = 1, .max = 10'000});
  map.Read("actions_per_hour_per_group", &budgets.per_hour_per_group, {.min = 1, .max = 10'000});
  ReadBudgetLabel(map, "service_label", target_labels, budgets.service_label);
  ReadBudgetLabel(map, "group_label", target_labels, budgets.group_label);
  map.ReadMap("storm", [&](YamlMap& below) { ReadStorm(below, budgets.storm); });
}

// One action: how long it may take, and below the name of an executor how it is done.
void ReadAction(const std::string& name, YamlMap& map, const Clock& clock, HealingConfig& config) {
  Duration timeout = std::chrono::seconds(30);
  map.Read("timeout", &timeout, {.min = kLeastInterval, .max = std::chrono::hours(1)});
  config.policies.action_timeouts[name] = timeout;
  std::string known;
  for (const ExecutorKind& kind : ExecutorKinds()) {
    known += (known.empty() ? "" : ", ") + std::string(kind.key);
    map.ReadMap(kind.key, [&](YamlMap& below) {
      if (config.executors.contains(name)) {
        below.AddError(below.mark(), name + ": expected one executor, there are several");
      }
      config.executors[name] = kind.read(below, clock);
    });
  }
  if (!config.executors.contains(name)) {
    map.AddError(map.mark(), fmt::format("{}: expected one of: {}", name, known));
    config.executors[name] = nullptr;  // So that ladders that name it are not wrong, too.
  }
}

void ReadAlertmanager(YamlMap& map, AlertmanagerOptions& options) {
  ReadHttpUrl(map, &options.url);
  if (!map.Has("url")) map.AddError(map.mark(), "alertmanager: expected url");
  map.Read("interval", &options.interval,
           {.min = std::chrono::seconds(1), .max = std::chrono::hours(1)});
  map.Read("timeout", &options.timeout, {.min = kLeastInterval, .max = std::chrono::minutes(5)});
  map.Read("filter", &options.filter);
  if (options.filter.empty()) {
    map.AddError(map.MarkOf("filter"), "filter: expected at least one matcher");
  }
  ReadHttpOptions(map, &options.http);
}

// Returns what there is to warn of.
std::vector<ConfigWarning> ReadRoot(YamlMap& root, const Clock& clock, HealingConfig& config) {
  root.ReadMap("prometheus", [&](YamlMap& map) { ReadPrometheusOptions(map, &config.prometheus); });
  root.ReadMap("alertmanager", [&](YamlMap& map) { ReadAlertmanager(map, config.alertmanager); });
  root.ReadMap("targets", [&](YamlMap& map) { ReadTargets(map, config); });
  root.ReadMap("alerts", [&](YamlMap& map) {
    map.Read("expire_after", &config.alert_expires_after, {.min = kLeastInterval});
    map.Read("reorder_tolerance", &config.reorder_tolerance, {.min = Duration(0)});
    map.ReadMap("watchdog",
                [&](YamlMap& below) { config.watchdog = ReadLabelMatches(below, "watchdog"); });
  });
  root.ReadMap("incidents", [&](YamlMap& map) {
    map.Read("collection_window", &config.policies.collection_window, {.min = Duration(0)});
    map.Read("unconfirmed_after", &config.policies.unconfirmed_after, {.min = kLeastInterval});
    map.Read("retention", &config.retention, {.min = std::chrono::hours(1)});
  });
  root.Read("scenarios", &config.policies.scenarios);
  Budgets& budgets = config.policies.budgets;
  budgets.service_label = budgets.group_label = DefaultServiceLabel(config.target_labels);
  root.ReadMap("budgets", [&](YamlMap& map) { ReadBudgets(map, config.target_labels, budgets); });
  ReadMaintenance(root, config.policies.maintenance);
  ConfigPlaces places;
  root.ReadNamedMaps("actions", [&](const std::string& name, YamlMap& map) {
    places.actions[name] = map.mark();
    ReadAction(name, map, clock, config);
  });
  KnownActions actions;
  for (const auto& [name, executor] : config.executors) {
    const OverrideExecutor* held = executor ? AsOverrideExecutor(*executor) : nullptr;
    actions[name] = {held != nullptr ? std::optional(held->traits()) : std::nullopt,
                     executor ? std::string(executor->not_undone()) : ""};
  }
  ReadPolicies(root, actions, config, places);
  root.Finish();
  return FindWarnings(config.policies, actions, places, config.target_labels);
}

Result<ConfigSnapshot> Read(const std::string& name, YamlDocument document, std::string_view text,
                            const Clock& clock, const ConfigOverrides& overrides) {
  auto config = std::make_shared<HealingConfig>();
  config->sha256 = Sha256Hex(text);
  YamlMap root = document.root();
  for (const ConfigWarning& one : ReadRoot(root, clock, *config)) {
    config->warnings.push_back(
        fmt::format("{}:{}:{}: warning: {}", name, one.at.line, one.at.column, one.text));
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
  if (!text) return Read(path, YamlDocument::Load(path), "", clock, overrides);  // Says why.
  return Read(path, YamlDocument::Parse(path, *text), *text, clock, overrides);
}

Result<ConfigSnapshot> ParseConfig(const std::string& name, std::string_view text,
                                   const Clock& clock, const ConfigOverrides& overrides) {
  return Read(name, YamlDocument::Parse(name, text), text, clock, overrides);
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
