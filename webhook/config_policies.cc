#include <fmt/core.h>

#include <algorithm>

#include "webhook/config.h"
#include "webhook/core/query_template.h"

namespace promheal::healing {
namespace {

constexpr Duration kLeastInterval{100};

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none is configured" : text;
}

std::vector<LabelMatch> ReadMatch(YamlMap& map) {
  std::vector<LabelMatch> matches;
  for (const std::string& name : map.Keys()) {
    LabelMatch match{name, ""};
    map.Read(name, &match.pattern);
    if (!IsValidLabelName(name)) {
      map.AddError(map.MarkOf(name), fmt::format("match: '{}' is not a label name", name));
    }
    matches.push_back(std::move(match));
  }
  return matches;
}

void ReadCondition(YamlMap& map, std::vector<Condition>& conditions) {
  std::string name;
  std::string query;
  std::string expect;
  map.Read("name", &name);
  if (map.Read("query", &query, true)) {
    if (auto status = CheckQuery(LabelTemplate(query)); !status) {
      map.AddError(map.MarkOf("query"), "query: " + status.error().message);
    }
  }
  if (map.Read("expect", &expect, true)) {
    const Result<Expectation> expectation = ParseExpectation(expect);
    if (!expectation) {
      map.AddError(map.MarkOf("expect"), "expect: " + expectation.error().message);
    } else {
      conditions.push_back({name, LabelTemplate(query), *expectation});
    }
  }
}

void ReadVerification(YamlMap& map, Verification& verify) {
  map.Read("settle", &verify.settle, {.min = Duration(0)});
  map.Read("interval", &verify.interval, {.min = kLeastInterval});
  map.Read("times", &verify.times, {.min = 1, .max = 100});
  map.Read("timeout", &verify.timeout, {.min = kLeastInterval});
  if (map.Has("conditions")) verify.conditions.clear();
  map.ReadList("conditions", [&](YamlMap& one) { ReadCondition(one, verify.conditions); });
  if (verify.timeout < verify.interval * verify.times) {
    map.AddError(
        map.MarkOf("timeout"),
        fmt::format("timeout: too short to be asked {} times, every interval", verify.times));
  }
}

Rung ReadRung(YamlMap& map, const std::vector<std::string>& actions, const Verification& verify) {
  Rung rung;
  map.Read("action", &rung.action, true);
  if (map.Has("action") &&
      std::find(actions.begin(), actions.end(), rung.action) == actions.end()) {
    map.AddError(map.MarkOf("action"), fmt::format("action: there is no action '{}': expected one "
                                                   "of: {}",
                                                   rung.action, Joined(actions)));
  }
  map.Read("attempts", &rung.attempts, {.min = 1, .max = 10});
  map.Read("cooldown", &rung.cooldown, {.min = Duration(0)});
  Verification own = verify;  // What the rung does not say is as the policy says.
  if (map.ReadMap("verify", [&](YamlMap& below) { ReadVerification(below, own); })) {
    rung.verify = own;
  }
  return rung;
}

Policy ReadPolicy(YamlMap& map, const std::vector<std::string>& actions) {
  Policy policy;
  map.Read("name", &policy.name, true);
  map.ReadMap("match", [&](YamlMap& below) { policy.match = ReadMatch(below); });
  size_t mode = 0;
  map.ReadEnum("mode", {"shadow", "recommend", "auto"}, &mode);
  policy.mode = static_cast<Mode>(mode);
  map.ReadMap("verify", [&](YamlMap& below) { ReadVerification(below, policy.verify); });
  map.ReadList("ladder", [&](YamlMap& below) {
    policy.ladder.push_back(ReadRung(below, actions, policy.verify));
  });
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

}  // namespace

void ReadPolicies(YamlMap& root, const std::vector<std::string>& actions, PolicySet& set) {
  std::string takes_all;
  root.ReadList("policies", [&](YamlMap& map) {
    Policy policy = ReadPolicy(map, actions);
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
}

}  // namespace promheal::healing
