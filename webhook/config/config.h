#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/clock.h"
#include "common/io/prometheus/prometheus_api.h"
#include "common/io/yaml/yaml_schema.h"
#include "webhook/core/policy.h"
#include "webhook/executors/override_executor.h"

namespace promheal::healing {

// The Alertmanager that sends the alerts. The healer polls it for alerts that deliveries missed.
struct AlertmanagerOptions {
  std::string url;  // Empty: the healer does not poll.
  HttpClientOptions http;
  Duration interval = std::chrono::seconds(30);
  Duration timeout = std::chrono::seconds(10);
  std::vector<std::string> filter = {"healing=\"promheal\""};  // Alerts that are sent to us.
};

// A query of a policy, with its position in the file.
struct ConfiguredQuery {
  std::string policy;
  YamlMark at;
  LabelTemplate query;
  Expectation expect;
};

// healing.yml, read and checked. It never changes: a reload makes a new one, and calls under way
// keep the old one.
struct HealingConfig {
  std::string sha256;  // The file's hash, in hex.
  PrometheusApiOptions prometheus;
  AlertmanagerOptions alertmanager;
  std::vector<std::string> target_labels = {"service"};   // They name a target.
  std::vector<std::string> optional_labels;               // They name a part of it.
  Duration alert_expires_after = std::chrono::hours(12);  // Without a repeat it counts as resolved.
  Duration reorder_tolerance = std::chrono::minutes(1);   // See Merge in alert.h.
  Duration retention = std::chrono::hours(24 * 90);       // How long closed incidents are kept.
  // Matches the alert that always fires to show that alerts arrive. It opens no incident. Empty:
  // there is no such alert.
  std::vector<LabelMatch> watchdog = {{"alertname", "PromhealWatchdog"}};
  PolicySet policies;
  std::map<std::string, std::unique_ptr<Executor>> executors;  // By action name.
  std::vector<ConfiguredQuery> queries;                        // In order of position.
  std::vector<std::string> warnings;  // `healing.yml:3:5: warning: ...`: see config_warnings.h.
};
using ConfigSnapshot = std::shared_ptr<const HealingConfig>;

// Flags that win over the file; "" leaves the file's value.
struct ConfigOverrides {
  std::string prometheus_url;
  std::function<void(HealingConfig&)> adjust;  // Called last, before it is published.
};

// The error lists all mistakes, each as `healing.yml:3:5: ...` on its own line. Executors keep a
// reference to `clock`.
Result<ConfigSnapshot> LoadConfig(const std::string& path, const Clock& clock,
                                  const ConfigOverrides& overrides = {});
Result<ConfigSnapshot> ParseConfig(const std::string& name, std::string_view text,
                                   const Clock& clock, const ConfigOverrides& overrides = {});

// The configuration in force as YAML, with every default filled in, and <secret> for secrets. Shows
// no more of an action's executor than its description.
std::string WriteConfig(const HealingConfig& config);

// Whether an alert with these labels only shows that alerts arrive.
bool IsWatchdog(const HealingConfig& config, const Labels& labels);

// "3 policies (1 auto, 2 shadow), 2 actions": for --config.check.
std::string Summary(const HealingConfig& config);

}  // namespace promheal::healing
