#include "webhook/config/config_page.h"

#include "common/io/prometheus/prometheus_options.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config_maintenance.h"

namespace promheal::healing {
namespace {

void Alertmanager(YamlWriter& writer, const AlertmanagerOptions& options) {
  writer.Value("url", WithoutUserInfo(options.url));
  writer.Value("interval", options.interval);
  writer.Value("timeout", options.timeout);
  writer.Values("filter", options.filter);
  WriteHttpOptions(options.http, writer);
}

void Match(YamlWriter& writer, const std::vector<LabelMatch>& matches) {
  for (const LabelMatch& match : matches) writer.Value(match.name, match.pattern);
}

void Conditions(YamlWriter& writer, std::string_view key,
                const std::vector<Condition>& conditions) {
  writer.List(key, conditions.size(), [&](size_t i) {
    if (!conditions[i].name.empty()) writer.Value("name", conditions[i].name);
    writer.Value("query", conditions[i].query.text());
    writer.Value("expect", ToString(conditions[i].expect));
  });
}

void Verify(YamlWriter& writer, const Verification& verify) {
  writer.Value("settle", verify.settle);
  writer.Value("interval", verify.interval);
  writer.Value("times", verify.times);
  writer.Value("timeout", verify.timeout);
  Conditions(writer, "conditions", verify.conditions);
}

void Held(YamlWriter& writer, const Hold& hold) {
  writer.Value("at_least", hold.at_least);
  writer.Value("at_most", hold.at_most);
  writer.Numbers("release", hold.release);
  writer.Value("step", hold.step);
  writer.Value("keep_when_escalated", hold.keep_when_escalated);
  if (hold.verify) writer.Map("verify", [&] { Verify(writer, *hold.verify); });
}

void OnePolicy(YamlWriter& writer, const Policy& policy) {
  writer.Value("name", policy.name);
  if (!policy.match.empty()) writer.Map("match", [&] { Match(writer, policy.match); });
  writer.Value("mode", ToString(policy.mode));
  writer.Map("verify", [&] { Verify(writer, policy.verify); });
  writer.List("ladder", policy.ladder.size(), [&](size_t i) {
    const Rung& rung = policy.ladder[i];
    writer.Value("action", rung.action);
    writer.Value("attempts", rung.attempts);
    writer.Value("cooldown", rung.cooldown);
    writer.Value("cooldown_factor", rung.cooldown_factor);
    writer.Value("cooldown_max", rung.cooldown_max);
    if (!rung.required.empty()) Conditions(writer, "requires", rung.required);
    if (rung.min_healthy) {
      writer.Map("min_healthy", [&] {
        writer.Value("query", rung.min_healthy->query.text());
        writer.Value("at_least", rung.min_healthy->expect.value);
      });
    }
    if (rung.verify) writer.Map("verify", [&] { Verify(writer, *rung.verify); });
    if (rung.hold) writer.Map("hold", [&] { Held(writer, *rung.hold); });
    if (rung.probe) writer.Value("probe", rung.probe);
  });
  writer.Value("wait_for_platform", policy.wait_for_platform);
  writer.Value("escalate_after", policy.escalate_after);
  writer.Value("freeze", policy.freeze);
}

void AllBudgets(YamlWriter& writer, const Budgets& budgets) {
  writer.Value("actions_in_flight", budgets.in_flight);
  writer.Value("actions_in_flight_per_service", budgets.in_flight_per_service);
  writer.Value("service_label", budgets.service_label);
  writer.Value("actions_per_hour", budgets.per_hour);
  writer.Value("actions_per_hour_per_group", budgets.per_hour_per_group);
  writer.Value("group_label", budgets.group_label);
  writer.Map("storm", [&] {
    writer.Value("incidents", budgets.storm.incidents);
    writer.Value("window", budgets.storm.window);
    writer.Value("calm", budgets.storm.calm);
  });
}

void Actions(YamlWriter& writer, const HealingConfig& config) {
  for (const auto& [name, executor] : config.executors) {
    writer.Map(name, [&, &executor = *executor, &name = name] {
      writer.Value("timeout", TimeoutOf(config.policies, name));
      writer.Value("does", executor.description());
    });
  }
}

}  // namespace

std::string ConfigPage(const HealingConfig& config) {
  const PolicySet& set = config.policies;
  YamlWriter writer;
  writer.Map("prometheus", [&] { WritePrometheusOptions(config.prometheus, writer); });
  if (!config.alertmanager.url.empty()) {
    writer.Map("alertmanager", [&] { Alertmanager(writer, config.alertmanager); });
  }
  writer.Map("targets", [&] {
    writer.Values("labels", config.target_labels);
    writer.Values("optional_labels", config.optional_labels);
    writer.List("protected", set.protected_targets.size(),
                [&](size_t i) { Match(writer, set.protected_targets[i]); });
  });
  writer.Map("alerts", [&] {
    writer.Value("expire_after", config.alert_expires_after);
    writer.Value("reorder_tolerance", config.reorder_tolerance);
    writer.Map("watchdog", [&] { Match(writer, config.watchdog); });
  });
  writer.Map("incidents", [&] {
    writer.Value("collection_window", set.collection_window);
    writer.Value("unconfirmed_after", set.unconfirmed_after);
    writer.Value("retention", config.retention);
  });
  writer.Values("scenarios", set.scenarios);
  writer.Map("budgets", [&] { AllBudgets(writer, set.budgets); });
  WriteMaintenance(set.maintenance, writer);
  writer.Map("actions", [&] { Actions(writer, config); });
  writer.List("policies", set.policies.size(),
              [&](size_t i) { OnePolicy(writer, set.policies[i]); });
  return writer.text();
}

}  // namespace promheal::healing
