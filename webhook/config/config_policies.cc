#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "webhook/config/config_labels.h"
#include "webhook/config/config_warnings.h"
#include "webhook/core/cooldown.h"
#include "webhook/core/query/query_template.h"

namespace promheal::healing {
namespace {

constexpr Duration kLeastInterval{100};

std::string Joined(const KnownActions& actions) {
  std::string text;
  for (const auto& [name, action] : actions) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none is configured" : text;
}

using Queries = std::vector<ConfiguredQuery>;

std::string ReadQuery(YamlMap& map) {
  std::string query;
  if (map.Read("query", &query, true)) {
    if (auto status = CheckQuery(LabelTemplate(query)); !status) {
      map.AddError(map.MarkOf("query"), "query: " + status.error().message);
    }
  }
  return query;
}

void ReadCondition(YamlMap& map, std::vector<Condition>& conditions, Queries& queries) {
  std::string name;
  std::string expect;
  map.Read("name", &name);
  const std::string query = ReadQuery(map);
  if (map.Read("expect", &expect, true)) {
    const Result<Expectation> expectation = ParseExpectation(expect);
    if (!expectation) {
      map.AddError(map.MarkOf("expect"), "expect: " + expectation.error().message);
    } else {
      conditions.push_back({name, LabelTemplate(query), *expectation});
      queries.push_back({"", map.MarkOf("query"), LabelTemplate(query), *expectation});
    }
  }
}

void ReadVerification(YamlMap& map, Verification& verify, Queries& queries) {
  map.Read("settle", &verify.settle, {.min = Duration(0)});
  map.Read("interval", &verify.interval, {.min = kLeastInterval});
  map.Read("times", &verify.times, {.min = 1, .max = 100});
  map.Read("timeout", &verify.timeout, {.min = kLeastInterval});
  if (map.Has("conditions")) verify.conditions.clear();
  map.ReadList("conditions", [&](YamlMap& one) { ReadCondition(one, verify.conditions, queries); });
  if (verify.timeout < verify.interval * verify.times) {
    map.AddError(
        map.MarkOf("timeout"),
        fmt::format("timeout: too short to be asked {} times, every interval", verify.times));
  }
}

// What a rung that leaves nothing in force cannot have.
void RefuseHold(YamlMap& map, const Rung& rung) {
  for (const char* key : {"hold", "probe"}) {
    if (!map.Has(key) || (std::string_view(key) == "probe" && !rung.probe)) continue;
    map.AddError(map.MarkOf(key), fmt::format("{}: {} leaves nothing in force that could be held",
                                              key, rung.action));
  }
}

void CheckProbe(YamlMap& map, const Rung& rung) {
  if (!rung.probe || !rung.hold->release.empty()) return;
  map.AddError(map.MarkOf("probe"),
               "probe: needs steps under hold.release, such as [90, 50]: only they can be judged");
}

void ReadRelease(YamlMap& map, const OverrideTraits& traits, std::vector<int>& release) {
  std::vector<std::string> texts;
  if (!map.Read("release", &texts)) return;
  const auto complain = [&](const std::string& what) {
    map.AddError(map.MarkOf("release"), "release: " + what);
  };
  if (!traits.has_degrees && !texts.empty()) {
    complain("this action comes in no degrees: expected [], let go at once");
    return;
  }
  int above = traits.percent;
  for (const std::string& text : texts) {
    int percent = 0;
    const auto end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, percent);
    if (error != std::errc() || stopped != end || percent < 1 || percent >= above) {
      complain(fmt::format("expected falling percentages from below {}, the action's own, to 1",
                           traits.percent));
      return;
    }
    release.push_back(percent);
    above = percent;
  }
}

Hold ReadHold(YamlMap& map, const OverrideTraits& traits, const Verification& verify,
              Queries& queries) {
  Hold hold;
  map.ReadMap("hold", [&](YamlMap& below) {
    below.Read("at_least", &hold.at_least, {.min = Duration(0)});
    below.Read("at_most", &hold.at_most, {.min = kLeastInterval});
    below.Read("step", &hold.step, {.min = kLeastInterval});
    below.Read("keep_when_escalated", &hold.keep_when_escalated);
    ReadRelease(below, traits, hold.release);
    Verification own = verify;
    if (below.ReadMap("verify", [&](YamlMap& one) { ReadVerification(one, own, queries); })) {
      hold.verify = own;
    }
    if (hold.at_most < hold.at_least) {
      below.AddError(below.MarkOf("at_most"), "at_most: shorter than at_least");
    }
  });
  return hold;
}

// "2" instances, or "50%" of them where the query says which share remains.
Condition ReadMinHealthy(YamlMap& map, Queries& queries) {
  Condition condition;
  condition.name = "what remains healthy";
  condition.expect.comparison = Expectation::Comparison::kGreaterOrEqual;
  condition.query = LabelTemplate(ReadQuery(map));
  std::string text;
  if (!map.Read("at_least", &text, true)) return condition;
  const bool is_share = text.ends_with('%');
  const Result<Expectation> read =
      ParseExpectation(">= " + (is_share ? text.substr(0, text.size() - 1) : text));
  if (!read || read->value < 0 || (is_share && read->value > 100)) {
    map.AddError(map.MarkOf("at_least"),
                 "at_least: expected a number of instances, or a percentage such as 50%");
  } else {
    condition.expect.value = is_share ? read->value / 100 : read->value;
    queries.push_back({"", map.MarkOf("query"), condition.query, condition.expect});
  }
  return condition;
}

Rung ReadRung(YamlMap& map, const KnownActions& actions, const Verification& verify,
              Queries& queries) {
  Rung rung;
  map.Read("action", &rung.action, true);
  const auto action = actions.find(rung.action);
  if (map.Has("action") && action == actions.end()) {
    map.AddError(map.MarkOf("action"), fmt::format("action: there is no action '{}': expected one "
                                                   "of: {}",
                                                   rung.action, Joined(actions)));
  }
  map.Read("attempts", &rung.attempts, {.min = 1, .max = 10});
  map.Read("cooldown", &rung.cooldown, {.min = Duration(0)});
  map.Read("cooldown_factor", &rung.cooldown_factor, {.min = 1.0, .max = 100.0});
  map.Read("cooldown_max", &rung.cooldown_max, {.min = Duration(0), .max = kUsesRemembered});
  Verification own = verify;  // What the rung does not say is as the policy says.
  if (map.ReadMap("verify", [&](YamlMap& below) { ReadVerification(below, own, queries); })) {
    rung.verify = own;
  }
  map.ReadList("requires", [&](YamlMap& one) { ReadCondition(one, rung.required, queries); });
  map.ReadMap("min_healthy",
              [&](YamlMap& below) { rung.min_healthy = ReadMinHealthy(below, queries); });
  // Of an action that is not known, nobody can say what it is like.
  const auto traits = action == actions.end() ? OverrideTraits{.has_degrees = true, .percent = 101}
                                              : action->second.held;
  if (traits) rung.hold = ReadHold(map, *traits, own, queries);
  map.Read("probe", &rung.probe);
  if (traits) {
    CheckProbe(map, rung);
  } else {
    RefuseHold(map, rung);
  }
  return rung;
}

// What may take the last of what serves out of service comes when nothing else has helped.
void CheckShutdownIsLast(YamlMap& map, const Policy& policy, const KnownActions& actions) {
  for (size_t i = 0; i + 1 < policy.ladder.size(); ++i) {
    const auto action = actions.find(policy.ladder[i].action);
    if (action == actions.end() || !action->second.held) continue;
    if (!action->second.held->shuts_down) continue;
    map.AddError(map.MarkOf("ladder"),
                 fmt::format("ladder: {} may take out the last slot (min_active: 0), so it must be "
                             "the last rung",
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

}  // namespace

void ReadPolicies(YamlMap& root, const KnownActions& actions, HealingConfig& config,
                  ConfigPlaces& places) {
  PolicySet& set = config.policies;
  std::string takes_all;
  root.ReadList("policies", [&](YamlMap& map) {
    Queries queries;
    Policy policy = ReadPolicy(map, actions, places.policies.emplace_back(), queries);
    for (ConfiguredQuery& one : queries) {
      one.policy = policy.name;
      config.queries.push_back(std::move(one));
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

}  // namespace promheal::healing
