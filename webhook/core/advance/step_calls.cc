#include <fmt/core.h>

#include <algorithm>

#include "webhook/core/advance/release_steps.h"
#include "webhook/core/advance/step.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {
namespace {

using State = IncidentState;

constexpr Duration kFirstRetry = std::chrono::seconds(1);
constexpr Duration kLastRetry = std::chrono::seconds(15);
// What does not expire is looked at as often, and set again where it was lost.
constexpr Duration kLookAgain = std::chrono::seconds(10);

bool Found(const OverrideReport& report, std::initializer_list<Standing> any_of) {
  return std::any_of(report.found.begin(), report.found.end(), [&](Standing found) {
    return std::find(any_of.begin(), any_of.end(), found) != any_of.end();
  });
}

// Whether a report is about the override as it is now, and not as it was a step before.
bool IsAbout(const OverrideReport& report, const Override& held) {
  return std::equal(report.now.changes.begin(), report.now.changes.end(), held.changes.begin(),
                    held.changes.end(), [](const OverrideChange& a, const OverrideChange& b) {
                      return IsSamePlace(a, b) && a.after == b.after;
                    });
}

Override WithoutExpiry(Override held) {
  for (OverrideChange& change : held.changes) change.expires_at.reset();
  return held;
}

// What an inspection says about an apply whose outcome is not known.
Observation WhetherApplied(const OverrideReport& report) {
  if (Found(report, {Standing::kUnreadable}) || report.found.empty()) return Observation::kUnknown;
  const bool untouched = std::all_of(report.found.begin(), report.found.end(),
                                     [](Standing found) { return found == Standing::kPending; });
  return untouched ? Observation::kNotHappened : Observation::kHappened;
}

}  // namespace

void Step::Take(const OverridePrepared& prepared) {
  HeldOverride* one = FindHeld(prepared.attempt_id);
  if (one != nullptr) {
    if (one->phase == HoldPhase::kReturning) BringBack(*one, prepared.held);
    return;
  }
  Attempt* attempt = AttemptUnderWay(prepared.attempt_id);
  if (attempt == nullptr || incident_.state != State::kActing) return;
  if (prepared.held) {
    HoldPrepared(*attempt, *prepared.held);
  } else {
    FinishAttempt(*attempt, {ActionResult::kFailed, prepared.held.error().message});
  }
}

// What is to be in force becomes durable with this step; only then is it applied.
void Step::HoldPrepared(Attempt& attempt, Override held) {
  std::vector<std::string> covered;
  for (const HeldOverride& other : incident_.overrides) {
    const Overlap overlap = PutOver(held, other.held);
    if (overlap == Overlap::kSame) {
      FinishAttempt(attempt, {ActionResult::kFailed, "it is in force already"});
      return;
    }
    if (overlap == Overlap::kOver) covered.push_back(other.attempt_id);
  }
  for (const std::string& id : covered) {
    const HeldOverride& other = *FindHeld(id);
    Log(OverrideEvent(now_, other, "covered", "gives way to " + attempt.action));
    Drop(other);
  }
  attempt.deadline = now_ + TimeoutOf(around_.policies, attempt.action);
  const int percent = held.percent;
  incident_.overrides.push_back({.attempt_id = attempt.id,
                                 .policy = attempt.policy,
                                 .rung = attempt.rung,
                                 .action = attempt.action,
                                 .held = std::move(held),
                                 .full_percent = percent,
                                 .since = now_,
                                 .step_since = now_,
                                 .next_release = now_,
                                 .tried_since = now_});
  advanced_.changed = true;
}

// It had been let go, and is to be in force again.
void Step::BringBack(HeldOverride& one, const Result<Override>& held) {
  watch_.overrides[one.attempt_id].busy = false;
  if (!held) {
    Retry(one, "not_renewed", "cannot be set again: " + held.error().message);
    return;
  }
  const Hold* hold = HoldOf(one);
  const int percent = hold != nullptr ? PercentOf(one, *hold, one.step) : one.full_percent;
  const Result<Override> stepped =
      percent == held->percent ? *held : around_.at_percent(one.action, *held, percent);
  one.held = stepped ? *stepped : *held;
  one.phase = HoldPhase::kApplying;
  watch_.overrides[one.attempt_id] = {};
  advanced_.changed = true;
}

void Step::Take(const OverrideReported& reported) {
  HeldOverride* one = FindHeld(reported.attempt_id);
  if (one == nullptr) return;
  Attempt* attempt = AttemptUnderWay(one->attempt_id);
  const bool observing = attempt != nullptr && incident_.state == State::kObserving;
  // While it is observed, a late answer to the call itself is of no use.
  if (observing != (reported.operation == OverrideOperation::kInspect)) return;
  watch_.overrides[one->attempt_id].busy = false;
  if (!IsAbout(reported.report, one->held)) return;
  if (observing) {
    TakeInspected(*one, *attempt, reported.report);
  } else if (reported.operation == OverrideOperation::kUndo) {
    TakeUndone(*one, reported.report);
  } else {
    TakeApplied(*one, reported.report);
  }
}

void Step::TakeApplied(HeldOverride& one, const OverrideReport& report) {
  Attempt* attempt = AttemptUnderWay(one.attempt_id);
  if (attempt == nullptr) {
    TakeRenewed(one, report);
    return;
  }
  Keep(one, report.now);
  if (report.result == ActionResult::kDone) StartHolding(one);
  // Some of it may be there all the same.
  if (report.result == ActionResult::kFailed) Unwant(one, "it failed");
  FinishAttempt(*attempt, {report.result, report.detail});
}

void Step::TakeRenewed(HeldOverride& one, const OverrideReport& report) {
  Keep(one, report.now);
  if (one.phase != HoldPhase::kInForce && one.phase != HoldPhase::kApplying) return;
  if (report.result != ActionResult::kDone) {
    if (Found(report, {Standing::kTakenBack, Standing::kReplaced})) {
      Unwant(one, "somebody else has decided: " + report.detail);
    } else {
      Retry(one, "not_renewed", "could not be renewed: " + report.detail);
    }
    return;
  }
  OverrideWatch& watch = watch_.overrides[one.attempt_id];
  if (watch.failures > 0 || Found(report, {Standing::kLost, Standing::kExpired})) {
    Log(OverrideEvent(now_, one, "renewed", "is in force again: " + report.detail));
  }
  if (one.phase == HoldPhase::kApplying) {
    one.phase = HoldPhase::kInForce;
    Log(OverrideEvent(now_, one, "applied", "is back in force: " + report.detail));
  }
  watch.failures = 0;
  const Time look_again = now_ + kLookAgain;
  watch.next_call = std::min(look_again, RenewAt(one.held, now_).value_or(look_again));
}

void Step::TakeInspected(HeldOverride& one, Attempt& attempt, const OverrideReport& report) {
  const Observation seen = WhetherApplied(report);
  if (seen != Observation::kHappened && now_ < FinalAt(attempt)) {
    watch_.overrides[one.attempt_id].next_call = std::min(FinalAt(attempt), now_ + kFirstRetry);
    return;
  }
  Keep(one, report.now);
  if (seen == Observation::kNotHappened) {
    Drop(one);
  } else {
    StartHolding(one);
    watch_.overrides[attempt.id].next_call = now_;  // Renewed, or brought about after all.
  }
  FinishObservation(attempt, {seen, report.detail});
}

void Step::TakeUndone(HeldOverride& one, const OverrideReport& report) {
  const std::optional<Time> expires_at = ExpiresAt(one.held);
  const bool expired = expires_at && now_ >= *expires_at;
  if (report.result != ActionResult::kDone && !expired) {
    Retry(one, "not_undone", "could not be undone: " + report.detail);
    return;
  }
  const std::string text =
      report.result == ActionResult::kDone ? report.detail : "it has expired; " + report.detail;
  if (one.phase == HoldPhase::kUndoing) {
    Log(OverrideEvent(now_, one, "undone", "is undone: " + text));
    Drop(one);
  } else if (one.phase == HoldPhase::kLifting) {
    one.phase = HoldPhase::kLifted;
    one.step_since = now_;
    Log(OverrideEvent(now_, one, "lifted", "is let go, on probation: " + text));
    const CurrentVerification current = Verifying();
    DropEvidence(watch_, now_ + (current ? current.verification->settle : Duration(0)));
  }
}

// Told once, tried again and again.
void Step::Retry(const HeldOverride& one, std::string_view change, const std::string& text) {
  OverrideWatch& watch = watch_.overrides[one.attempt_id];
  if (watch.failures++ == 0) Log(OverrideEvent(now_, one, change, text));
  Duration wait = kFirstRetry;
  for (int i = 1; i < watch.failures && wait < kLastRetry; ++i) wait *= 2;
  watch.next_call = now_ + std::min(wait, kLastRetry);
}

void Step::Keep(HeldOverride& one, const Override& now) {
  if (one.held == now) return;
  (WithoutExpiry(one.held) == WithoutExpiry(now) ? advanced_.renewed : advanced_.changed) = true;
  one.held = now;
}

}  // namespace promheal::healing
