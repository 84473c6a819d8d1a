#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/core/advance/effect.h"
#include "webhook/core/advance/stimulus.h"
#include "webhook/core/advance/watch.h"
#include "webhook/core/alert.h"
#include "webhook/core/decision.h"
#include "webhook/core/incident.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// Returns the same override at another percentage, in the terms of the action's executor. Pure.
using AtPercent =
    std::function<Result<Override>(const std::string& action, const Override& held, int percent)>;

// The surroundings of an incident during an advance.
struct Surroundings {
  const PolicySet& policies;
  const std::vector<const AlertRecord*>& alerts;  // The incident's alerts.
  const LedgerView& ledger;
  const BudgetUse& budget;  // Without this incident's own action.
  const Feasibility& infeasible;
  const AtPercent& at_percent;
  // An instance of this target that is being healed of something at least as serious, or "".
  std::string busy_instance;
  // Ids of Alertmanager's silences, if they cover all firing alerts of the incident; else empty.
  std::vector<std::string> silenced_by = {};
};

// The result of an advance.
struct Advanced {
  std::vector<Effect> effects;
  std::vector<TimelineEvent> news;  // New events of the timeline.
  bool changed = false;             // The incident's record changed: write it.
  bool renewed = false;  // Only expiries of its overrides changed: show it, no need to write.
  Time wake_at;          // Advance again then at the latest.
};

// A new incident with its first alert.
Incident OpenIncident(const Labels& target, const AlertRecord& alert, Time now);

// Advances one incident: handles the stimulus, then raises events as long as any is due. Pure. A
// stimulus that no longer concerns the incident changes nothing.
Advanced Advance(Incident& incident, Watch& watch, const Stimulus& stimulus,
                 const Surroundings& around, Time now);

}  // namespace promheal::healing
