#include <algorithm>

#include "webhook/core/advance/incident_advance.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

using Event = IncidentEvent;

// A changed end of a wait is not news, except for maintenance, which only people move.
bool IsNews(const std::optional<Decision>& last, const Decision& decision) {
  const bool moved =
      last && decision.reason == DecisionReason::kMaintenance && last->until != decision.until;
  return decision.kind == DecisionKind::kHeal || !last || last->reason != decision.reason ||
         last->action != decision.action || last->policy != decision.policy || moved;
}

}  // namespace

void IncidentAdvance::DecideNow() {
  // The time until a human is called begins when people no longer hold the incident up.
  if (incident_.last_decision && IsHeldUp(incident_.last_decision->reason)) {
    incident_.state_since = now_;
  }
  Decision decision = DecideOnce();
  while (decision.kind == DecisionKind::kSkip) {
    Skip(decision);
    decision = DecideOnce();
  }
  if (IsNews(incident_.last_decision, decision)) {
    incident_.last_decision = decision;
    Log(DecisionEvent(now_, decision));
  }
  // The evidence does not answer every question of the ladder: ask again now.
  if (decision.reason == DecisionReason::kNoEvidence && watch_.evidence) {
    watch_.next_question = now_;
  }
  Follow(decision);
}

Decision IncidentAdvance::DecideOnce() const {
  const bool firing = std::any_of(around_.alerts.begin(), around_.alerts.end(),
                                  [](const AlertRecord* alert) { return IsFiring(*alert); });
  return Decide({.incident = incident_,
                 .any_alert_firing = firing,
                 .policies = around_.policies,
                 .ledger = around_.ledger,
                 .budget = around_.budget,
                 .evidence = watch_.evidence,
                 .infeasible = around_.infeasible,
                 .busy_instance = around_.busy_instance,
                 .silenced_by = around_.silenced_by},
                now_);
}

void IncidentAdvance::Skip(const Decision& decision) {
  incident_.skipped.push_back({decision.policy, decision.rung});
  incident_.last_decision = decision;
  Log(DecisionEvent(now_, decision));
}

void IncidentAdvance::Follow(const Decision& decision) {
  if (decision.kind == DecisionKind::kWait) {
    until_ = decision.until;
    Raise(Event::kDecidedWait);
  } else if (decision.kind == DecisionKind::kHeal) {
    StartAttempt(decision);
    Raise(Event::kDecidedHeal);
  } else if (CallsHuman(decision.reason)) {
    // Without any attempt the target stays free: another incident may find a rung to try.
    if (decision.reason == DecisionReason::kLadderExhausted && !incident_.attempts.empty()) {
      context_.advanced.effects.emplace_back(
          FreezeTarget{now_ + PolicyNow()->freeze, std::string(ToString(decision.reason))});
    }
    Raise(Event::kDecidedEscalate);
  } else {
    Raise(Event::kDecidedRefuse);
  }
}

}  // namespace promheal::healing
