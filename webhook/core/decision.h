#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/budget.h"
#include "webhook/core/decision_reason.h"
#include "webhook/core/policy.h"
#include "webhook/core/verdict.h"

namespace promheal::healing {

struct Incident;

struct Decision {
  DecisionKind kind = DecisionKind::kWait;
  DecisionReason reason = DecisionReason::kNoEvidence;
  std::string policy;         // "" where none matches.
  size_t rung = 0;            // With Heal and with what Shadow would do.
  std::string action;         // "" where none was reached.
  std::optional<Time> until;  // With Wait: ask again then at the latest.
  std::string text;           // The whole reason as a sentence.

  bool operator==(const Decision&) const = default;
};

// What data said last about a target.
struct Evidence {
  DataVerdict verdict = DataVerdict::kUnknown;
  Time at;
  std::string text;
  std::string verification;                       // Which one was asked: see VerificationName.
  std::map<std::string, Judgement> answers = {};  // To what else was asked: see RungQuestions.
};

// "crash" for a policy's own verification, "crash/restart" for that of one of its rungs. Evidence
// counts only for the verification it was gathered for.
std::string VerificationName(const Policy& policy);
std::string VerificationName(const Policy& policy, size_t rung);
// "crash/throttle/release" where the release of what the rung holds has one of its own.
std::string ReleaseVerificationName(const Policy& policy, size_t rung);

// What must be asked before rungs of the policy may be used: what they require, and what would
// remain healthy.
struct RungQuestion {
  std::string name;
  std::vector<Condition> conditions;  // All of them.
};
std::vector<RungQuestion> RungQuestions(const Policy& policy);
std::string RequiredName(const Policy& policy, size_t rung);    // "crash/0 restart/requires"
std::string MinHealthyName(const Policy& policy, size_t rung);  // "crash/0 restart/min_healthy"

// A person has stopped all healing; empty texts are not known.
struct Pause {
  std::string by;
  Time since;
  std::string why;

  bool operator==(const Pause&) const = default;
};

// What the ledger knows about the incident's target.
struct LedgerView {
  std::map<std::string, Time> not_before;  // By action: the end of its cooldown.
  std::map<std::string, int> uses = {};    // By action: how often within kUsesRemembered.
  std::optional<Time> frozen_until;
  std::string frozen_by = {};   // The person who froze it; "": its ladder was exhausted.
  std::string frozen_why = {};  // What that person said.
  std::optional<Pause> paused = std::nullopt;
};

// Why an action cannot be carried out with these labels, or nothing. Touches nothing: the same
// labels always give the same answer.
using Feasibility =
    std::function<std::optional<std::string>(const std::string& action, const Labels& labels)>;

struct DecisionInput {
  const Incident& incident;
  bool any_alert_firing = true;
  const PolicySet& policies;
  const LedgerView& ledger;
  const BudgetUse& budget;
  const std::optional<Evidence>& evidence;
  const Feasibility& infeasible;
  const std::string& busy_instance;             // Of this target, by name, as in Surroundings.
  const std::vector<std::string>& silenced_by;  // As in Surroundings.
};

// What commands and queries may use: the naming alert's labels, the target's on top.
Labels LabelsOf(const Incident& incident);

// What to do about an incident now. Pure: the same input gives the same decision, and nothing else
// ever leads to an action.
Decision Decide(const DecisionInput& input, Time now);

}  // namespace promheal::healing
