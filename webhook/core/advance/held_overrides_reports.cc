#include <algorithm>
#include <utility>

#include "webhook/core/advance/held_overrides.h"
#include "webhook/core/advance/release_steps.h"

namespace promheal::healing {
namespace {

constexpr Duration kFirstRetry = std::chrono::seconds(1);
constexpr Duration kLastRetry = std::chrono::seconds(15);
// How often an override that never expires is checked, and set again if it was lost.
constexpr Duration kCheckInterval = std::chrono::seconds(10);

bool Found(const OverrideReport& report, std::initializer_list<Standing> any_of) {
  return std::any_of(report.found.begin(), report.found.end(), [&](Standing found) {
    return std::find(any_of.begin(), any_of.end(), found) != any_of.end();
  });
}

// False if the report is about the override as it was before its latest step.
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

// Whether an apply with unknown outcome took place, by an inspection.
Observation WhetherApplied(const OverrideReport& report) {
  if (Found(report, {Standing::kUnreadable}) || report.found.empty()) return Observation::kUnknown;
  const bool untouched = std::all_of(report.found.begin(), report.found.end(),
                                     [](Standing found) { return found == Standing::kPending; });
  return untouched ? Observation::kNotHappened : Observation::kHappened;
}

}  // namespace

std::optional<std::string> HeldOverrides::Add(Attempt& attempt, Override prepared) {
  std::vector<std::string> covered;
  for (const HeldOverride& other : incident_.overrides) {
    const Overlap overlap = PutOver(prepared, other.held);
    if (overlap == Overlap::kSame) return "it is in force already";
    if (overlap == Overlap::kOver) covered.push_back(other.attempt_id);
  }
  for (const std::string& id : covered) {
    const HeldOverride& other = *Find(id);
    Log(other, "covered", "gives way to " + attempt.action);
    Drop(other);
  }
  attempt.deadline = now_ + TimeoutOf(context_.around.policies, attempt.action);
  const int percent = prepared.percent;
  incident_.overrides.push_back({.attempt_id = attempt.id,
                                 .policy = attempt.policy,
                                 .rung = attempt.rung,
                                 .action = attempt.action,
                                 .held = std::move(prepared),
                                 .full_percent = percent,
                                 .since = now_,
                                 .step_since = now_,
                                 .next_release = now_,
                                 .tried_since = now_});
  context_.advanced.changed = true;
  return std::nullopt;
}

bool HeldOverrides::EndCall(const HeldOverride& override, const OverrideReport& report) {
  watch_.overrides[override.attempt_id].busy = false;
  return IsAbout(report, override.held);
}

void HeldOverrides::OnPreparedAgain(HeldOverride& override, const Result<Override>& prepared) {
  if (override.phase != HoldPhase::kReturning) return;
  watch_.overrides[override.attempt_id].busy = false;
  if (!prepared) {
    RetryLater(override, "not_renewed", "cannot be set again: " + prepared.error().message);
    return;
  }
  const Hold* hold = HoldOf(override);
  const int percent =
      hold != nullptr ? PercentOf(override, *hold, override.step) : override.full_percent;
  const Result<Override> stepped =
      percent == prepared->percent
          ? *prepared
          : context_.around.at_percent(override.action, *prepared, percent);
  override.held = stepped ? *stepped : *prepared;
  override.phase = HoldPhase::kApplying;
  watch_.overrides[override.attempt_id] = {};
  context_.advanced.changed = true;
}

Receipt HeldOverrides::OnApplied(HeldOverride& override, const OverrideReport& report) {
  Update(override, report.now);
  if (report.result == ActionResult::kDone) NoteInForce(override);
  // A failed apply may have changed some places all the same.
  if (report.result == ActionResult::kFailed) Withdraw(override, "it failed");
  return {report.result, report.detail};
}

void HeldOverrides::OnRenewed(HeldOverride& override, const OverrideReport& report) {
  Update(override, report.now);
  if (override.phase != HoldPhase::kInForce && override.phase != HoldPhase::kApplying) return;
  if (report.result != ActionResult::kDone) {
    OnNotRenewed(override, report);
    return;
  }
  OverrideWatch& watch = watch_.overrides[override.attempt_id];
  if (watch.failures > 0 || Found(report, {Standing::kLost, Standing::kExpired})) {
    Log(override, "renewed", "is in force again: " + report.detail);
  }
  if (override.phase == HoldPhase::kApplying) {
    override.phase = HoldPhase::kInForce;
    Log(override, "applied", "is back in force: " + report.detail);
  }
  watch.failures = 0;
  const Time next_check = now_ + kCheckInterval;
  watch.next_call = std::min(next_check, RenewAt(override.held, now_).value_or(next_check));
}

void HeldOverrides::OnNotRenewed(HeldOverride& override, const OverrideReport& report) {
  if (Found(report, {Standing::kTakenBack, Standing::kReplaced})) {
    Withdraw(override, "another writer has decided: " + report.detail);
  } else {
    RetryLater(override, "not_renewed", "could not be renewed: " + report.detail);
  }
}

std::optional<ObservationReport> HeldOverrides::OnInspected(HeldOverride& override,
                                                            const Attempt& attempt,
                                                            const OverrideReport& report) {
  const Observation seen = WhetherApplied(report);
  OverrideWatch& watch = watch_.overrides[override.attempt_id];
  if (seen != Observation::kHappened && now_ < FinalAt(attempt)) {
    watch.next_call = std::min(FinalAt(attempt), now_ + kFirstRetry);
    return std::nullopt;
  }
  Update(override, report.now);
  if (seen == Observation::kNotHappened) {
    Drop(override);
  } else {
    NoteInForce(override);
    watch.next_call = now_;  // Renews it, or puts the rest of it in force.
  }
  return ObservationReport{seen, report.detail};
}

void HeldOverrides::OnUndone(HeldOverride& override, const OverrideReport& report) {
  const std::optional<Time> expires_at = ExpiresAt(override.held);
  const bool expired = expires_at && now_ >= *expires_at;
  if (report.result != ActionResult::kDone && !expired) {
    RetryLater(override, "not_undone", "could not be undone: " + report.detail);
    return;
  }
  const std::string text =
      report.result == ActionResult::kDone ? report.detail : "it has expired; " + report.detail;
  if (override.phase == HoldPhase::kUndoing) {
    Log(override, "undone", "is undone: " + text);
    Drop(override);
  } else if (override.phase == HoldPhase::kLifting) {
    override.phase = HoldPhase::kLifted;
    override.step_since = now_;
    Log(override, "lifted", "is let go, on probation: " + text);
    context_.LetSettle();
  }
}

void HeldOverrides::NoteInForce(HeldOverride& override) {
  const Hold* hold = HoldOf(override);
  if (override.phase == HoldPhase::kApplying) override.phase = HoldPhase::kInForce;
  override.step_since = override.tried_since = now_;
  override.next_release = now_ + (hold != nullptr ? hold->at_least : Duration(0));
  const Time renew_at = RenewAt(override.held, now_).value_or(now_ + kCheckInterval);
  watch_.overrides[override.attempt_id] = {.next_call = IsWanted(override) ? renew_at : now_};
  context_.advanced.changed = true;
}

void HeldOverrides::RetryLater(const HeldOverride& override, std::string_view change,
                               const std::string& text) {
  OverrideWatch& watch = watch_.overrides[override.attempt_id];
  if (watch.failures++ == 0) Log(override, change, text);
  Duration wait = kFirstRetry;
  for (int i = 1; i < watch.failures && wait < kLastRetry; ++i) wait *= 2;
  watch.next_call = now_ + std::min(wait, kLastRetry);
}

// An expiry alone is worth showing, but not writing.
void HeldOverrides::Update(HeldOverride& override, const Override& reported) {
  if (override.held == reported) return;
  Advanced& advanced = context_.advanced;
  const bool only_expiry = WithoutExpiry(override.held) == WithoutExpiry(reported);
  (only_expiry ? advanced.renewed : advanced.changed) = true;
  override.held = reported;
}

}  // namespace promheal::healing
