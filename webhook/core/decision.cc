#include "webhook/core/decision.h"

#include <fmt/format.h>

#include "webhook/core/decision_text.h"
#include "webhook/core/decision_wait.h"
#include "webhook/core/duration_text.h"
#include "webhook/core/incident.h"
#include "webhook/core/ladder.h"

namespace promheal::healing {
namespace {

using Reason = DecisionReason;

std::string Name(const Incident& incident) { return incident.target.ToDisplayName(); }

// Refusals that no policy can change.
std::optional<Decision> RefuseByTarget(const DecisionInput& input) {
  const Incident& incident = input.incident;
  if (incident.target.empty()) {
    return Because(Reason::kNoTarget, "the alert has none of the labels that make a target");
  }
  if (IsProtected(input.policies, incident.labels) ||
      IsProtected(input.policies, incident.target)) {
    return Because(Reason::kProtectedTarget, Name(incident) + " is protected from any action");
  }
  // The mark counts only for the scenario of that time: a more serious scenario is healed.
  const std::optional<FalseAlarm>& mark = incident.false_alarm;
  if (mark && mark->scenario == incident.scenario) {
    return Because(Reason::kFalseAlarm, fmt::format("{} says it is a false alarm{}", mark->by,
                                                    mark->why.empty() ? "" : ": " + mark->why));
  }
  return std::nullopt;
}

Decision HealOrTell(const DecisionInput& input, const Policy& policy, const RungChoice& choice) {
  const Rung& rung = policy.ladder[choice.rung];
  const std::string action = fmt::format("{} {}", rung.action, Name(input.incident));
  if (policy.mode == Mode::kShadow) {
    return Because(Reason::kShadowMode,
                   fmt::format("policy '{}' is in mode shadow: would {}", policy.name, action));
  }
  if (policy.mode == Mode::kRecommend) {
    return Because(Reason::kRecommendMode,
                   fmt::format("policy '{}' only recommends: {}", policy.name, action));
  }
  const char* why = choice.reason == Reason::kFirstRung ? "first rung of policy"
                    : choice.reason == Reason::kNextRung
                        ? "the rung below did not help; next rung of policy"
                        : "another attempt on the same rung of policy";
  return Because(choice.reason, fmt::format("{}: {} '{}', because {}", action, why, policy.name,
                                            input.evidence ? input.evidence->text : "alerts fire"));
}

Decision RefuseFrozen(const DecisionInput& input, Duration left) {
  const LedgerView& ledger = input.ledger;
  const std::string why = ledger.frozen_by.empty()
                              ? "its ladder was exhausted"
                              : fmt::format("by {}{}", ledger.frozen_by, Said(ledger.frozen_why));
  return Because(Reason::kTargetFrozen,
                 fmt::format("{} is frozen for another {}{} {}", Name(input.incident),
                             DurationText(left), ledger.frozen_by.empty() ? ":" : ",", why));
}

// Skips the rung if its requirements are not met; waits if Prometheus was not asked for them yet.
std::optional<Decision> CheckRequired(const DecisionInput& input, const Policy& policy,
                                      size_t rung) {
  if (policy.ladder[rung].required.empty()) return std::nullopt;
  const Judgement* judgement = AnswerTo(input.evidence, RequiredName(policy, rung));
  if (judgement == nullptr) {
    return Because(Reason::kNoEvidence,
                   "Prometheus has not been asked yet whether its requirements are met");
  }
  if (judgement->verdict == DataVerdict::kRecovered) return std::nullopt;
  const bool known = judgement->verdict == DataVerdict::kNotRecovered;
  return Because(
      Reason::kRequirementUnmet,
      fmt::format("{}: {}{}", policy.ladder[rung].action,
                  known ? "" : "it is unknown whether it may be used: ", judgement->text));
}

// The order of the checks is the order of precedence of their reasons.
Decision DecideOnRung(const DecisionInput& input, const Policy& policy, const RungChoice& choice,
                      Time now) {
  const Rung& rung = policy.ladder[choice.rung];
  if (const auto why = input.infeasible(rung.action, LabelsOf(input.incident))) {
    return Because(Reason::kUnsafeLabel, *why);
  }
  if (auto wait = WaitForPeople(input, now)) return *wait;
  if (auto wait = WaitForData(input, policy, now)) {
    return WaitOrEscalate(input, std::move(*wait), policy, now);
  }
  if (auto wait = WaitForOthers(input, policy, now)) {
    return WaitOrEscalate(input, std::move(*wait), policy, now);
  }
  if (auto unmet = CheckRequired(input, policy, choice.rung)) return *unmet;
  if (auto wait = WaitForTurn(input, policy, choice.rung, now)) {
    return WaitOrEscalate(input, std::move(*wait), policy, now);
  }
  return HealOrTell(input, policy, choice);
}

Decision DecideWithoutRung(const DecisionInput& input, const Policy& policy, Time now) {
  const Incident& incident = input.incident;
  if (incident.attempts.empty()) {
    return Because(Reason::kLadderExhausted, fmt::format("no rung of policy '{}' may be used on {}",
                                                         policy.name, Name(incident)));
  }
  // Without data it is unknown whether the last rung helped: wait for data first.
  if (incident.attempts.back().verdict == ActionVerdict::kUnknown) {
    if (auto wait = WaitForData(input, policy, now)) {
      return WaitOrEscalate(input, std::move(*wait), policy, now);
    }
  }
  return Because(Reason::kLadderExhausted,
                 fmt::format("every rung of policy '{}' has been tried on {} without success",
                             policy.name, Name(incident)));
}

Decision DecideByPolicy(const DecisionInput& input, const Policy& policy, Time now) {
  if (policy.ladder.empty()) {
    return Because(Reason::kNotifyOnly,
                   fmt::format("policy '{}' has no ladder: it only notifies", policy.name));
  }
  const Evidence* evidence = FreshEvidence(input.evidence, policy, now);
  if (evidence != nullptr && evidence->verdict == DataVerdict::kRecovered) {
    return Because(Reason::kDataSayHealthy, "data do not show the trouble: " + evidence->text);
  }
  if (input.ledger.frozen_until && now < *input.ledger.frozen_until) {
    return RefuseFrozen(input, *input.ledger.frozen_until - now);
  }
  const std::optional<RungChoice> choice = NextRung(policy, input.incident);
  if (!choice) return DecideWithoutRung(input, policy, now);
  Decision decision = DecideOnRung(input, policy, *choice, now);
  decision.rung = choice->rung;
  decision.action = policy.ladder[choice->rung].action;
  return decision;
}

}  // namespace

Decision Decide(const DecisionInput& input, Time now) {
  if (auto refused = RefuseByTarget(input)) return *refused;
  const Policy* policy = FindPolicy(input.policies, input.incident.labels);
  if (policy == nullptr) {
    return Because(Reason::kNoPolicy, "no policy matches " + input.incident.labels.ToString());
  }
  Decision decision = DecideByPolicy(input, *policy, now);
  decision.policy = policy->name;
  return decision;
}

}  // namespace promheal::healing
