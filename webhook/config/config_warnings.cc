#include "webhook/config/config_warnings.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "common/base/duration.h"
#include "webhook/core/query/query_fallback.h"

namespace promheal::healing {
namespace {

using Warnings = std::vector<ConfigWarning>;

// Skips policies that match everything: reading them reported an error for those that follow.
void WarnUnreached(const PolicySet& set, const ConfigPlaces& places, Warnings& warnings) {
  for (size_t late = 0; late < set.policies.size(); ++late) {
    for (size_t early = 0; early < late; ++early) {
      const Policy& before = set.policies[early];
      if (before.match.empty() || !Covers(before.match, set.policies[late].match)) continue;
      warnings.push_back({places.policies[late].policy,
                          fmt::format("policy '{}' is never reached: '{}' before it matches all "
                                      "that it does",
                                      set.policies[late].name, before.name)});
      break;
    }
  }
}

// Compares only operations of the same executor.
void WarnOutOfOrder(const Policy& policy, const KnownActions& actions, const PolicyPlace& place,
                    Warnings& warnings) {
  for (size_t i = 1; i < policy.ladder.size(); ++i) {
    const auto below = actions.find(policy.ladder[i - 1].action);
    const auto above = actions.find(policy.ladder[i].action);
    if (below == actions.end() || above == actions.end()) continue;
    const auto& low = below->second.held;
    const auto& high = above->second.held;
    if (!low || !high || low->executor != high->executor) continue;
    if (low->disruptiveness <= high->disruptiveness) continue;
    warnings.push_back({place.rungs[i], fmt::format("{} is less disruptive than {} before it: "
                                                    "should it not come first?",
                                                    above->first, below->first)});
  }
}

// A cooldown longer than `escalate_after` prevents a second attempt: a human is called first.
void WarnNeverAgain(const Policy& policy, const PolicyPlace& place, Warnings& warnings) {
  std::map<std::string, Duration> cooldowns;  // Action -> cooldown of the rungs so far.
  for (size_t i = 0; i < policy.ladder.size(); ++i) {
    const Rung& rung = policy.ladder[i];
    const bool again = rung.attempts > 1 || cooldowns.contains(rung.action);
    const Duration before = cooldowns.contains(rung.action) ? cooldowns[rung.action] : Duration(0);
    const Duration cooldown = std::max(before, rung.attempts > 1 ? rung.cooldown : Duration(0));
    const Verification& verify = VerificationOf(policy, i);
    // The wait begins once the previous attempt has been judged.
    const Duration judged_after = verify.settle + verify.timeout;
    if (again && policy.mode == Mode::kAuto && cooldown >= policy.escalate_after + judged_after) {
      warnings.push_back(
          {place.rungs[i],
           fmt::format("{} is not done a second time: its cooldown of {} is longer than "
                       "escalate_after ({}), so a human is called before",
                       rung.action, FormatDuration(cooldown),
                       FormatDuration(policy.escalate_after))});
    }
    cooldowns[rung.action] = rung.cooldown;
  }
}

void WarnUnused(const PolicySet& set, const ConfigPlaces& places, Warnings& warnings) {
  std::set<std::string> used;
  for (const Policy& policy : set.policies) {
    for (const Rung& rung : policy.ladder) used.insert(rung.action);
  }
  for (const auto& [action, at] : places.actions) {
    if (used.contains(action)) continue;
    warnings.push_back({at, fmt::format("no policy uses the action {}", action)});
  }
}

void WarnNotUndone(const Policy& policy, const KnownActions& actions, const PolicyPlace& place,
                   Warnings& warnings) {
  for (size_t i = 0; i < policy.ladder.size(); ++i) {
    const auto action = actions.find(policy.ladder[i].action);
    if (action == actions.end() || action->second.not_undone.empty()) continue;
    warnings.push_back({place.rungs[i], fmt::format("{} is not undone when the incident ends: {}",
                                                    action->first, action->second.not_undone)});
  }
}

bool PassesWithoutData(const Condition& condition) {
  const std::optional<double> fallback = FallbackOf(condition.query.text());
  return fallback && Meets(*fallback, condition.expect);
}

// Warns if every query falls back to a value that passes, so that missing data would count as a
// recovery. One query that needs data is enough.
void WarnPassesWithoutData(const Verification& verify, YamlMark at, Warnings& warnings) {
  const auto& conditions = verify.conditions;
  if (conditions.empty() || !std::all_of(conditions.begin(), conditions.end(), PassesWithoutData)) {
    return;
  }
  warnings.push_back(
      {at,
       "verify: all queries have `or vector(...)`, so missing data count as a recovery: "
       "should one of them need data?"});
}

// Judged by the policy's labels only: each names one value, without alternatives or "*".
bool IsAboutOneTarget(const Policy& policy, const std::vector<std::string>& target_labels) {
  return std::all_of(target_labels.begin(), target_labels.end(), [&](const std::string& label) {
    return std::any_of(policy.match.begin(), policy.match.end(), [&](const LabelMatch& match) {
      return match.name == label && match.pattern.find_first_of("|*") == std::string::npos;
    });
  });
}

// A query without placeholders sees all targets, so trouble of one target would be healed at
// another.
void WarnVerifiedByOthers(const Verification& verify, YamlMark at, Warnings& warnings) {
  const auto& conditions = verify.conditions;
  const bool same_for_all =
      !conditions.empty() &&
      std::all_of(conditions.begin(), conditions.end(),
                  [](const auto& condition) { return condition.query.names().empty(); });
  if (!same_for_all) return;
  warnings.push_back({at,
                      "verify: its queries name no label of the target, so that they say the same "
                      "about every one: should it not be up{service=\"{service}\"}?"});
}

template <typename Warn>
void ForEachVerification(const Policy& policy, const PolicyPlace& place, const Warn& warn) {
  warn(policy.verify, place.policy);
  for (size_t i = 0; i < policy.ladder.size(); ++i) {
    const Rung& rung = policy.ladder[i];
    if (rung.verify) warn(*rung.verify, place.rungs[i]);
    if (rung.hold && rung.hold->verify) warn(*rung.hold->verify, place.rungs[i]);
  }
}

}  // namespace

std::vector<ConfigWarning> FindWarnings(const PolicySet& set, const KnownActions& actions,
                                        const ConfigPlaces& places,
                                        const std::vector<std::string>& target_labels) {
  Warnings warnings;
  WarnUnreached(set, places, warnings);
  for (size_t i = 0; i < set.policies.size(); ++i) {
    WarnOutOfOrder(set.policies[i], actions, places.policies[i], warnings);
    WarnNeverAgain(set.policies[i], places.policies[i], warnings);
    WarnNotUndone(set.policies[i], actions, places.policies[i], warnings);
    const bool about_one = IsAboutOneTarget(set.policies[i], target_labels);
    ForEachVerification(set.policies[i], places.policies[i],
                        [&](const Verification& verify, YamlMark at) {
                          WarnPassesWithoutData(verify, at, warnings);
                          if (!about_one) WarnVerifiedByOthers(verify, at, warnings);
                        });
  }
  WarnUnused(set, places, warnings);
  std::stable_sort(warnings.begin(), warnings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  return warnings;
}

}  // namespace promheal::healing
