#include "webhook/core/decision.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/duration.h"
#include "webhook/core/duration_text.h"
#include "webhook/core/incident.h"
#include "webhook/core/ladder.h"

namespace promheal::healing {
namespace {

using Kind = DecisionKind;
using Reason = DecisionReason;

constexpr std::string_view kNotYet = "did nothing yet, because ";

Decision Because(Reason reason, const std::string& why) {
  Decision decision;
  decision.kind = KindOf(reason);
  decision.reason = reason;
  if (decision.kind == Kind::kHeal) {
    decision.text = why;
  } else if (decision.kind == Kind::kWait) {
    decision.text = fmt::format("{}{}", kNotYet, why);
  } else {
    decision.text = fmt::format("did nothing, because {}{}", why,
                                CallsHuman(reason) ? ": a human is needed" : "");
  }
  return decision;
}

std::string Name(const Incident& incident) { return incident.target.ToDisplayName(); }

// What no policy can change.
std::optional<Decision> RefuseByTarget(const DecisionInput& input) {
  const Incident& incident = input.incident;
  if (incident.target.empty()) {
    return Because(Reason::kNoTarget, "the alert has none of the labels that make a target");
  }
  if (IsProtected(input.policies, incident.labels) ||
      IsProtected(input.policies, incident.target)) {
    return Because(Reason::kProtectedTarget, Name(incident) + " is protected from any action");
  }
  return std::nullopt;
}

// The evidence, if it is on this policy's verification and not too old.
const Evidence* FreshEvidence(const DecisionInput& input, const Policy& policy, Time now) {
  if (!input.evidence || input.evidence->verification != VerificationName(policy)) return nullptr;
  const Duration max_age = 3 * policy.verify.interval;
  return now - input.evidence->at <= max_age ? &*input.evidence : nullptr;
}

// ", who said: deploy"; nothing where nothing is known.
std::string Said(const std::string& why) { return why.empty() ? "" : ", who said: " + why; }

// What people want comes before what data say.
std::optional<Decision> WaitForPeople(const DecisionInput& input) {
  if (const auto& pause = input.ledger.paused) {
    return Because(Reason::kPaused,
                   fmt::format("healing is paused since {} by {}{}", FormatRfc3339(pause->since),
                               pause->by.empty() ? "somebody" : pause->by, Said(pause->why)));
  }
  if (!input.silenced_by.empty()) {
    return Because(Reason::kSilenced, fmt::format("all its alerts that fire are silenced: {}",
                                                  fmt::join(input.silenced_by, ", ")));
  }
  return std::nullopt;
}

std::optional<Decision> WaitForData(const DecisionInput& input, const Policy& policy, Time now) {
  // What we hold in force may be what silences the alerts; then data alone decide.
  const bool silenced =
      std::any_of(input.incident.overrides.begin(), input.incident.overrides.end(), IsWanted);
  if (!input.any_alert_firing && !silenced) {
    return Because(Reason::kAlertsResolved,
                   "all alerts are resolved, and data have not confirmed it so far");
  }
  const Evidence* evidence = FreshEvidence(input, policy, now);
  if (evidence == nullptr) {
    return Because(Reason::kNoEvidence, "Prometheus has not answered yet");
  }
  if (evidence->verdict == DataVerdict::kUnknown) {
    return Because(Reason::kNoData, "nothing is done without data: " + evidence->text);
  }
  return std::nullopt;
}

std::optional<Decision> WaitForTurn(const DecisionInput& input, const Policy& policy,
                                    const Rung& rung, Time now) {
  const std::string name = Name(input.incident);
  const Time platform_until = input.incident.opened_at + policy.wait_for_platform;
  if (now < platform_until) {
    Decision decision = Because(Reason::kWaitForPlatform,
                                fmt::format("what else restarts {} goes first, for {}", name,
                                            FormatDuration(policy.wait_for_platform)));
    decision.until = platform_until;
    return decision;
  }
  if (!input.busy_instance.empty()) {
    return Because(Reason::kInstanceIncidentOpen,
                   fmt::format("{} is being healed, which may be all that {} needs",
                               input.busy_instance, name));
  }
  const auto cooldown = input.ledger.not_before.find(rung.action);
  if (cooldown != input.ledger.not_before.end() && now < cooldown->second) {
    Decision decision =
        Because(Reason::kCooldown,
                fmt::format("{} was done on {} not long ago; again in {} at the earliest",
                            rung.action, name, DurationText(cooldown->second - now)));
    decision.until = cooldown->second;
    return decision;
  }
  if (const auto limit = ExhaustedBudget(input.policies.budgets, input.budget)) {
    const bool service = *limit == BudgetLimit::kService;
    return Because(service ? Reason::kServiceBudget : Reason::kGlobalBudget,
                   fmt::format("{} actions are under way{}",
                               service ? input.budget.in_flight_on_service : input.budget.in_flight,
                               service ? " on this service" : ""));
  }
  return std::nullopt;
}

// Whether a human should hear of a wait that has lasted too long.
bool HasWaitedTooLong(const DecisionInput& input, const Decision& wait, const Policy& policy,
                      Time now) {
  return wait.reason != Reason::kAlertsResolved && wait.reason != Reason::kWaitForPlatform &&
         !IsHeldUp(wait.reason) && policy.mode == Mode::kAuto &&
         now - input.incident.state_since >= policy.escalate_after;
}

Decision WaitOrEscalate(const DecisionInput& input, Decision wait, const Policy& policy, Time now) {
  if (!HasWaitedTooLong(input, wait, policy, now)) return wait;
  return Because(Reason::kWaitedTooLong, fmt::format("waiting for {} did not help ({})",
                                                     FormatDuration(policy.escalate_after),
                                                     wait.text.substr(kNotYet.size())));
}

Decision HealOrTell(const DecisionInput& input, const Policy& policy, const LadderStep& step) {
  const Rung& rung = policy.ladder[step.rung];
  const std::string what = fmt::format("{} {}", rung.action, Name(input.incident));
  if (policy.mode == Mode::kShadow) {
    return Because(Reason::kShadowMode,
                   fmt::format("policy '{}' is in mode shadow: would {}", policy.name, what));
  }
  if (policy.mode == Mode::kRecommend) {
    return Because(Reason::kRecommendMode,
                   fmt::format("policy '{}' only recommends: {}", policy.name, what));
  }
  const char* why = step.reason == Reason::kFirstRung ? "first rung of policy"
                    : step.reason == Reason::kNextRung
                        ? "the rung below did not help; next rung of policy"
                        : "another attempt on the same rung of policy";
  return Because(step.reason, fmt::format("{}: {} '{}', because {}", what, why, policy.name,
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

// From here on the ladder has a step to take; `decision` gets its name whatever comes of it.
Decision DecideOnStep(const DecisionInput& input, const Policy& policy, const LadderStep& step,
                      Time now) {
  const Rung& rung = policy.ladder[step.rung];
  if (const auto why = input.infeasible(rung.action, LabelsOf(input.incident))) {
    return Because(Reason::kUnsafeLabel, *why);
  }
  if (auto wait = WaitForPeople(input)) return *wait;
  if (auto wait = WaitForData(input, policy, now)) {
    return WaitOrEscalate(input, std::move(*wait), policy, now);
  }
  if (auto wait = WaitForTurn(input, policy, rung, now)) {
    return WaitOrEscalate(input, std::move(*wait), policy, now);
  }
  return HealOrTell(input, policy, step);
}

Decision DecideByPolicy(const DecisionInput& input, const Policy& policy, Time now) {
  const Incident& incident = input.incident;
  if (policy.ladder.empty()) {
    return Because(Reason::kNotifyOnly,
                   fmt::format("policy '{}' has no ladder: it only notifies", policy.name));
  }
  const Evidence* evidence = FreshEvidence(input, policy, now);
  if (evidence != nullptr && evidence->verdict == DataVerdict::kRecovered) {
    return Because(Reason::kDataSayHealthy, "data do not show the trouble: " + evidence->text);
  }
  if (input.ledger.frozen_until && now < *input.ledger.frozen_until) {
    return RefuseFrozen(input, *input.ledger.frozen_until - now);
  }
  const std::optional<LadderStep> step = NextStep(policy, incident);
  if (!step) {
    // Without data nobody can say that the last rung did not help.
    if (incident.attempts.back().verdict == ActionVerdict::kUnknown) {
      if (auto wait = WaitForData(input, policy, now)) {
        return WaitOrEscalate(input, std::move(*wait), policy, now);
      }
    }
    return Because(Reason::kLadderExhausted,
                   fmt::format("every rung of policy '{}' has been tried on {} without success",
                               policy.name, Name(incident)));
  }
  Decision decision = DecideOnStep(input, policy, *step, now);
  decision.rung = step->rung;
  decision.action = policy.ladder[step->rung].action;
  return decision;
}

}  // namespace

std::string VerificationName(const Policy& policy) { return policy.name; }

std::string VerificationName(const Policy& policy, size_t rung) {
  if (rung < policy.ladder.size() && policy.ladder[rung].verify) {
    return policy.name + '/' + policy.ladder[rung].action;
  }
  return policy.name;
}

std::string ReleaseVerificationName(const Policy& policy, size_t rung) {
  const bool has_own =
      rung < policy.ladder.size() && policy.ladder[rung].hold && policy.ladder[rung].hold->verify;
  return has_own ? policy.name + '/' + policy.ladder[rung].action + "/release"
                 : VerificationName(policy, rung);
}

Labels LabelsOf(const Incident& incident) {
  Labels labels = incident.labels;
  for (const auto& [name, value] : incident.target) labels.Set(name, value);
  return labels;
}

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
