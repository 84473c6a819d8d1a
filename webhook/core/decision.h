#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/budget.h"
#include "webhook/core/decision_reason.h"
#include "webhook/core/evidence.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

struct Incident;

struct Decision {
  DecisionKind kind = DecisionKind::kWait;
  DecisionReason reason = DecisionReason::kNoEvidence;
  std::string policy;         // "" if none matches.
  size_t rung = 0;            // Meaningful with `action`.
  std::string action;         // The rung's action; "" if no rung was chosen.
  std::optional<Time> until;  // With kWait: decide again then at the latest.
  std::string text;           // A whole sentence for people.

  bool operator==(const Decision&) const = default;
};

// A person has stopped all healing. An empty text is unknown.
struct Pause {
  std::string by;
  Time since;
  std::string why;

  bool operator==(const Pause&) const = default;
};

// The ledger's knowledge about the incident's target.
struct LedgerView {
  std::map<std::string, Time> not_before;  // By action: the end of its cooldown.
  std::map<std::string, int> uses = {};    // By action: uses within kUsesRemembered.
  std::optional<Time> frozen_until;
  std::string frozen_by = {};   // The person who froze it; "" if its ladder was exhausted.
  std::string frozen_why = {};  // The words of that person.
  std::optional<Pause> paused = std::nullopt;
};

// Why an action cannot be carried out with these labels; nullopt if it can. Pure: the same labels
// always give the same answer.
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
  // An instance of this target that is being healed of something at least as serious, or "".
  const std::string& busy_instance;
  // Ids of the silences that cover all firing alerts of the incident; else empty.
  const std::vector<std::string>& silenced_by;
};

// Decides about an incident now: heal, wait, refuse, or skip one rung of the ladder. After a skip,
// add the rung to Incident::skipped and decide again. Pure: the same input gives the same decision.
// Every action of the healer follows from such a decision; only the command `act` does not ask it.
Decision Decide(const DecisionInput& input, Time now);

}  // namespace promheal::healing
