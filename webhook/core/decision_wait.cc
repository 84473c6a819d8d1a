#include "webhook/core/decision_wait.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/duration.h"
#include "webhook/core/decision_text.h"
#include "webhook/core/duration_text.h"
#include "webhook/core/incident.h"

namespace promheal::healing {
namespace {

using Reason = DecisionReason;

Decision WaitForBudget(const DecisionInput& input, const ExhaustedBudget& exhausted) {
  const Budgets& budgets = input.policies.budgets;
  const BudgetUse& use = input.budget;
  Decision decision;
  switch (exhausted.limit) {
    case BudgetLimit::kInFlight:
      decision =
          Because(Reason::kGlobalBudget, fmt::format("{} actions are under way", use.in_flight));
      break;
    case BudgetLimit::kInFlightOnService:
      decision = Because(
          Reason::kServiceBudget,
          fmt::format("{} actions are under way on this service", use.in_flight_on_service));
      break;
    case BudgetLimit::kHour:
      decision = Because(
          Reason::kHourlyBudget,
          fmt::format("{} actions were started within the last hour", use.last_hour.size()));
      break;
    case BudgetLimit::kHourInGroup:
      decision =
          Because(Reason::kGroupBudget,
                  fmt::format("{} actions were started within the last hour where {} is '{}'",
                              use.last_hour_in_group.size(), budgets.group_label,
                              input.incident.target.Get(budgets.group_label)));
      break;
  }
  decision.until = exhausted.until;
  return decision;
}

Decision WaitForCalm(const DecisionInput& input, Time until) {
  const StormLimit& storm = input.policies.budgets.storm;
  Decision decision = Because(
      Reason::kStorm,
      fmt::format("more than {} incidents opened within {}: such a storm has one cause, which a "
                  "human must find",
                  storm.incidents, FormatDuration(storm.window)));
  decision.until = until;
  return decision;
}

std::optional<Decision> WaitForMaintenance(const DecisionInput& input, Time now) {
  const auto maintenance = MaintenanceOf(input.policies.maintenance, LabelsOf(input.incident), now);
  if (!maintenance) return std::nullopt;
  const auto& [window, until] = *maintenance;
  Decision decision = Because(
      Reason::kMaintenance,
      fmt::format("it is in the maintenance window '{}', {}", window,
                  until ? "until " + FormatRfc3339(*until) : "which has no end within a year"));
  decision.until = until;
  return decision;
}

bool HasWaitedTooLong(const DecisionInput& input, const Decision& wait, const Policy& policy,
                      Time now) {
  return wait.reason != Reason::kAlertsResolved && wait.reason != Reason::kWaitForPlatform &&
         !IsHeldUp(wait.reason) && policy.mode == Mode::kAuto &&
         now - input.incident.state_since >= policy.escalate_after;
}

std::optional<Decision> WaitForMinHealthy(const DecisionInput& input, const Policy& policy,
                                          size_t rung) {
  if (!policy.ladder[rung].min_healthy) return std::nullopt;
  const Judgement* judgement = AnswerTo(input.evidence, MinHealthyName(policy, rung));
  if (judgement == nullptr) {
    return Because(Reason::kNoEvidence,
                   "Prometheus has not been asked yet whether enough remains healthy");
  }
  if (judgement->verdict == DataVerdict::kRecovered) return std::nullopt;
  return Because(Reason::kMinHealthy, "too little would remain: " + judgement->text);
}

}  // namespace

std::optional<Decision> WaitForPeople(const DecisionInput& input, Time now) {
  if (const auto& pause = input.ledger.paused) {
    return Because(
        Reason::kPaused,
        fmt::format("healing is paused since {} by {}{}", FormatRfc3339(pause->since),
                    pause->by.empty() ? "an unknown person" : pause->by, Said(pause->why)));
  }
  if (auto wait = WaitForMaintenance(input, now)) return wait;
  if (!input.silenced_by.empty()) {
    return Because(Reason::kSilenced, fmt::format("all its alerts that fire are silenced: {}",
                                                  fmt::join(input.silenced_by, ", ")));
  }
  return std::nullopt;
}

std::optional<Decision> WaitForData(const DecisionInput& input, const Policy& policy, Time now) {
  // An override of ours may be why no alert fires; then data alone decide.
  const bool silenced =
      std::any_of(input.incident.overrides.begin(), input.incident.overrides.end(), IsWanted);
  if (!input.any_alert_firing && !silenced) {
    return Because(Reason::kAlertsResolved,
                   "all alerts are resolved, and data have not confirmed it so far");
  }
  const Evidence* evidence = FreshEvidence(input.evidence, policy, now);
  if (evidence == nullptr) {
    return Because(Reason::kNoEvidence, "Prometheus has not answered yet");
  }
  if (evidence->verdict == DataVerdict::kUnknown) {
    return Because(Reason::kNoData, "nothing is done without data: " + evidence->text);
  }
  return std::nullopt;
}

std::optional<Decision> WaitForOthers(const DecisionInput& input, const Policy& policy, Time now) {
  const std::string name = input.incident.target.ToDisplayName();
  const Time platform_until = input.incident.opened_at + policy.wait_for_platform;
  if (now < platform_until) {
    Decision decision = Because(Reason::kWaitForPlatform,
                                fmt::format("the platform has {} to restart {} first",
                                            FormatDuration(policy.wait_for_platform), name));
    decision.until = platform_until;
    return decision;
  }
  if (input.budget.storm_until && now < *input.budget.storm_until) {
    return WaitForCalm(input, *input.budget.storm_until);
  }
  if (!input.busy_instance.empty()) {
    return Because(Reason::kInstanceIncidentOpen,
                   fmt::format("{} is being healed, which may be all that {} needs",
                               input.busy_instance, name));
  }
  return std::nullopt;
}

std::optional<Decision> WaitForTurn(const DecisionInput& input, const Policy& policy,
                                    size_t rung_index, Time now) {
  const Rung& rung = policy.ladder[rung_index];
  const auto cooldown = input.ledger.not_before.find(rung.action);
  if (cooldown != input.ledger.not_before.end() && now < cooldown->second) {
    Decision decision = Because(
        Reason::kCooldown,
        fmt::format("{} was done on {} not long ago; again in {} at the earliest", rung.action,
                    input.incident.target.ToDisplayName(), DurationText(cooldown->second - now)));
    decision.until = cooldown->second;
    return decision;
  }
  if (const auto exhausted = FindExhausted(input.policies.budgets, input.budget)) {
    return WaitForBudget(input, *exhausted);
  }
  return WaitForMinHealthy(input, policy, rung_index);
}

Decision WaitOrEscalate(const DecisionInput& input, Decision wait, const Policy& policy, Time now) {
  if (!HasWaitedTooLong(input, wait, policy, now)) return wait;
  return Because(Reason::kWaitedTooLong,
                 fmt::format("waiting for {} did not help ({})",
                             FormatDuration(policy.escalate_after), WhyNotYet(wait)));
}

}  // namespace promheal::healing
