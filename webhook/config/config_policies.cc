#include "webhook/config/config_policies.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "webhook/config/config_rungs.h"
#include "webhook/config/config_verification.h"
#include "webhook/config/label_matches.h"
#include "webhook/config/limits.h"

namespace promheal::healing {
namespace {

// An action that may stop the last serving instance must be the last rung.
void CheckShutdownIsLast(YamlMap& map, const Policy& policy, const KnownActions& actions) {
  for (size_t i = 0; i + 1 < policy.ladder.size(); ++i) {
    const auto action = actions.find(policy.ladder[i].action);
    if (action == actions.end() || !action->second.held) continue;
    if (!action->second.held->shuts_down) continue;
    map.AddError(map.MarkOf("ladder"),
                 fmt::format("ladder: {} may stop the last instance that serves, so it must be the "
                             "last rung",
                             policy.ladder[i].action));
  }
}

Policy ReadPolicy(YamlMap& map, const KnownActions& actions, PolicyPlace& place, Queries& queries) {
  Policy policy;
  place.policy = map.mark();
  map.Read("name", &policy.name, true);
  map.ReadMap("match", [&](YamlMap& below) { policy.match = ReadLabelMatches(below, "match"); });
  size_t mode = 0;
  map.ReadEnum("mode", {"shadow", "recommend", "auto"}, &mode);
  policy.mode = static_cast<Mode>(mode);
  map.ReadMap("verify", [&](YamlMap& below) { ReadVerification(below, policy.verify, queries); });
  map.ReadList("ladder", [&](YamlMap& below) {
    place.rungs.push_back(below.mark());
    policy.ladder.push_back(ReadRung(below, actions, policy.verify, queries));
  });
  CheckShutdownIsLast(map, policy, actions);
  map.Read("wait_for_platform", &policy.wait_for_platform, {.min = Duration(0)});
  map.Read("escalate_after", &policy.escalate_after, {.min = kLeastInterval});
  map.Read("freeze", &policy.freeze, {.min = Duration(0)});
  if (!policy.ladder.empty() && policy.verify.conditions.empty()) {
    map.AddError(map.MarkOf("verify"),
                 "verify: a policy with a ladder needs conditions: nothing is done that cannot be "
                 "verified");
  }
  return policy;
}

void WritePolicy(const Policy& policy, YamlWriter& writer) {
  writer.Value("name", policy.name);
  if (!policy.match.empty()) {
    writer.Map("match", [&] { WriteLabelMatches(policy.match, writer); });
  }
  writer.Value("mode", ToString(policy.mode));
  writer.Map("verify", [&] { WriteVerification(policy.verify, writer); });
  writer.List("ladder", policy.ladder.size(),
              [&](size_t i) { WriteRung(policy.ladder[i], writer); });
  writer.Value("wait_for_platform", policy.wait_for_platform);
  writer.Value("escalate_after", policy.escalate_after);
  writer.Value("freeze", policy.freeze);
}

}  // namespace

void ReadPolicies(YamlMap& root, const KnownActions& actions, HealingConfig& config,
                  ConfigPlaces& places) {
  PolicySet& set = config.policies;
  std::string takes_all;
  root.ReadList("policies", [&](YamlMap& map) {
    Queries queries;
    Policy policy = ReadPolicy(map, actions, places.policies.emplace_back(), queries);
    for (ConfiguredQuery& query : queries) {
      query.policy = policy.name;
      config.queries.push_back(std::move(query));
    }
    if (FindPolicyByName(set, policy.name) != nullptr) {
      map.AddError(map.MarkOf("name"),
                   fmt::format("name: there is a policy '{}' already", policy.name));
    }
    if (!takes_all.empty()) {
      map.AddError(map.mark(), fmt::format("policy '{}' is never reached: '{}' before it matches "
                                           "every alert",
                                           policy.name, takes_all));
    }
    if (policy.match.empty()) takes_all = policy.name;
    set.policies.push_back(std::move(policy));
  });
  std::stable_sort(config.queries.begin(), config.queries.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
}

void WritePolicies(const PolicySet& set, YamlWriter& writer) {
  writer.List("policies", set.policies.size(),
              [&](size_t i) { WritePolicy(set.policies[i], writer); });
}

}  // namespace promheal::healing
