#include "webhook/core/decision.h"

#include <fmt/format.h>

#include "webhook/core/decision_wait.h"
#include "webhook/core/duration_text.h"
#include "webhook/core/incident.h"
#include "webhook/core/ladder.h"

namespace promheal::healing {
namespace {

using Reason = DecisionReason;

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
  // Of what fired then: something more serious is another matter.
  const std::optional<FalseAlarm>& mark = incident.false_alarm;
  if (mark && mark->scenario == incident.scenario) {
    return Because(Reason::kFalseAlarm, fmt::format("{} says it is a false alarm{}", mark->by,
                                                    mark->why.empty() ? "" : ": " + mark->why));
  }
  return std::nullopt;
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

// What the rung requires is asked together with what the policy verifies.
std::optional<Decision> SkipUnmet(const DecisionInput& input, const Policy& policy, size_t rung) {
  if (policy.ladder[rung].required.empty()) return std::nullopt;
  const Judgement* judgement = AnswerTo(input, RequiredName(policy, rung));
  if (judgement == nullptr) {
    return Because(Reason::kNoEvidence, "Prometheus has not been asked yet what it requires");
  }
  if (judgement->verdict == DataVerdict::kRecovered) return std::nullopt;
  const bool known = judgement->verdict == DataVerdict::kNotRecovered;
  return Because(
      Reason::kRequirementUnmet,
      fmt::format("{}: {}{}", policy.ladder[rung].action,
                  known ? "" : "nobody knows whether it may be used: ", judgement->text));
}

// From here on the ladder has a step to take; `decision` gets its name whatever comes of it.
Decision DecideOnStep(const DecisionInput& input, const Policy& policy, const LadderStep& step,
                      Time now) {
  const Rung& rung = policy.ladder[step.rung];
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
  if (auto skip = SkipUnmet(input, policy, step.rung)) return *skip;
  if (auto wait = WaitForTurn(input, policy, step.rung, now)) {
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
    const bool tried = !incident.attempts.empty();
    if (tried && incident.attempts.back().verdict == ActionVerdict::kUnknown) {
      if (auto wait = WaitForData(input, policy, now)) {
        return WaitOrEscalate(input, std::move(*wait), policy, now);
      }
    }
    return Because(Reason::kLadderExhausted,
                   tried ? fmt::format("every rung of policy '{}' has been tried on {} without "
                                       "success",
                                       policy.name, Name(incident))
                         : fmt::format("no rung of policy '{}' may be used on {}", policy.name,
                                       Name(incident)));
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

std::string RequiredName(const Policy& policy, size_t rung) {
  return fmt::format("{}/{} {}/requires", policy.name, rung, policy.ladder[rung].action);
}

std::string MinHealthyName(const Policy& policy, size_t rung) {
  return fmt::format("{}/{} {}/min_healthy", policy.name, rung, policy.ladder[rung].action);
}

std::vector<RungQuestion> RungQuestions(const Policy& policy) {
  std::vector<RungQuestion> questions;
  for (size_t i = 0; i < policy.ladder.size(); ++i) {
    const Rung& rung = policy.ladder[i];
    if (!rung.required.empty()) questions.push_back({RequiredName(policy, i), rung.required});
    if (rung.min_healthy) questions.push_back({MinHealthyName(policy, i), {*rung.min_healthy}});
  }
  return questions;
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
