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
#include "webhook/executors/override.h"

namespace promheal::healing {

// The Alertmanager that sends the alerts, to compare with what it has sent.
struct AlertmanagerOptions {
  std::string url;  // Empty: nobody is asked.
  HttpClientOptions http;
  Duration interval = std::chrono::seconds(30);
  Duration timeout = std::chrono::seconds(10);
  std::vector<std::string> filter = {"healing=\"promheal\""};  // Matchers of what is sent to us.
};

// What a policy asks Prometheus, where its file says so.
struct ConfiguredQuery {
  std::string policy;
  YamlMark at;
  LabelTemplate query;
  Expectation expect;
};

// healing.yml, read and checked. Never changes: a reload makes a new one, and calls under way keep
// theirs.
struct HealingConfig {
  std::string sha256;  // Of the file.
  PrometheusApiOptions prometheus;
  AlertmanagerOptions alertmanager;
  std::vector<std::string> target_labels = {"service"};  // What makes a target.
  std::vector<std::string> optional_labels;  // What makes a part of one a target of its own.
  Duration alert_expires_after = std::chrono::hours(12);  // Without a repeat it counts as resolved.
  Duration reorder_tolerance = std::chrono::minutes(1);   // See Merge in alert.h.
  Duration retention = std::chrono::hours(24 * 90);       // Of closed incidents.
  // The alert that always fires, to show that alerts arrive: never an incident. Empty: there is
  // none.
  std::vector<LabelMatch> watchdog = {{"alertname", "PromhealWatchdog"}};
  PolicySet policies;
  std::map<std::string, std::unique_ptr<Executor>> executors;  // By action name.
  std::vector<ConfiguredQuery> queries;                        // In order of position.
  std::vector<std::string> warnings;  // `healing.yml:3:5: warning: ...`: see config_warnings.h.
};
using ConfigSnapshot = std::shared_ptr<const HealingConfig>;

// What flags say instead of the file; "" says nothing.
struct ConfigOverrides {
  std::string prometheus_url;
  std::function<void(HealingConfig&)> adjust;  // Called last, before it is published.
};

// All errors at once, each `healing.yml:3:5: ...` on a line of its own. Executors use `clock`.
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
