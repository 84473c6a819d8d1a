#include "webhook/web/config_page.h"

#include "common/io/prometheus_options.h"
#include "common/io/yaml_writer.h"

namespace promheal::healing {
namespace {

void Match(YamlWriter& writer, const std::vector<LabelMatch>& matches) {
  for (const LabelMatch& match : matches) writer.Value(match.name, match.pattern);
}

void Verify(YamlWriter& writer, const Verification& verify) {
  writer.Value("settle", verify.settle);
  writer.Value("interval", verify.interval);
  writer.Value("times", verify.times);
  writer.Value("timeout", verify.timeout);
  writer.List("conditions", verify.conditions.size(), [&](size_t i) {
    if (!verify.conditions[i].name.empty()) writer.Value("name", verify.conditions[i].name);
    writer.Value("query", verify.conditions[i].query.text());
    writer.Value("expect", ToString(verify.conditions[i].expect));
  });
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
    if (rung.verify) writer.Map("verify", [&] { Verify(writer, *rung.verify); });
    if (rung.hold) writer.Map("hold", [&] { Held(writer, *rung.hold); });
    if (rung.probe) writer.Value("probe", rung.probe);
  });
  writer.Value("wait_for_platform", policy.wait_for_platform);
  writer.Value("escalate_after", policy.escalate_after);
  writer.Value("freeze", policy.freeze);
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
  writer.Map("targets", [&] {
    writer.Values("labels", config.target_labels);
    writer.Values("optional_labels", config.optional_labels);
    writer.List("protected", set.protected_targets.size(),
                [&](size_t i) { Match(writer, set.protected_targets[i]); });
  });
  writer.Map("alerts", [&] {
    writer.Value("expire_after", config.alert_expires_after);
    writer.Value("reorder_tolerance", config.reorder_tolerance);
  });
  writer.Map("incidents", [&] {
    writer.Value("collection_window", set.collection_window);
    writer.Value("unconfirmed_after", set.unconfirmed_after);
    writer.Value("retention", config.retention);
  });
  writer.Values("scenarios", set.scenarios);
  writer.Map("budgets", [&] {
    writer.Value("actions_in_flight", set.budgets.in_flight);
    writer.Value("actions_in_flight_per_service", set.budgets.in_flight_per_service);
    writer.Value("service_label", set.budgets.service_label);
  });
  writer.Map("actions", [&] { Actions(writer, config); });
  writer.List("policies", set.policies.size(),
              [&](size_t i) { OnePolicy(writer, set.policies[i]); });
  return writer.text();
}

}  // namespace promheal::healing
