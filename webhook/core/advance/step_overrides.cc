#include <algorithm>

#include "webhook/core/advance/step.h"
#include "webhook/core/advance/timeline.h"

namespace promheal::healing {

// From here on it is in force, as far as we know.
void Step::StartHolding(HeldOverride& one) {
  const Hold* hold = HoldOf(one);
  if (one.phase == HoldPhase::kApplying) one.phase = HoldPhase::kInForce;
  one.step_since = one.tried_since = now_;
  one.next_release = now_ + (hold != nullptr ? hold->at_least : Duration(0));
  const Time renew_at = RenewAt(one.held, now_).value_or(now_ + std::chrono::seconds(10));
  watch_.overrides[one.attempt_id] = {.next_call = IsWanted(one) ? renew_at : now_};
  advanced_.changed = true;
}

void Step::Unwant(HeldOverride& one, const std::string& why) {
  if (!IsWanted(one)) return;
  const bool in_force = MayBeInForce(one);
  Log(OverrideEvent(now_, one, "unwanted", "is not wanted any more, because " + why));
  if (!in_force) {
    Drop(one);
    return;
  }
  one.phase = HoldPhase::kUndoing;
  OverrideWatch& watch = watch_.overrides[one.attempt_id];
  watch.next_call = now_;
  watch.failures = 0;
}

void Step::UnwantWhere(const std::function<bool(const HeldOverride&)>& holds,
                       const std::string& why) {
  std::vector<std::string> ids;
  for (const HeldOverride& one : incident_.overrides) {
    if (holds(one)) ids.push_back(one.attempt_id);
  }
  for (const std::string& id : ids) Unwant(*FindHeld(id), why);
}

// All of it, at once, also what is only about to be in force.
void Step::LetGo(const std::string& why) {
  UnwantWhere(IsWanted, why);
  if (incident_.state != IncidentState::kActing) return;
  Attempt& last = incident_.attempts.back();
  if (last.holds && FindHeld(last.id) == nullptr) {
    FinishAttempt(last, {ActionResult::kFailed, "nothing had been changed yet, when " + why});
  }
}

// What policies do not hold any more is taken back.
void Step::ReviewHolds() {
  const auto orphaned = [this](const HeldOverride& one) {
    const Policy* policy = FindPolicyByName(around_.policies, one.policy);
    return HoldOf(one) == nullptr || policy->mode != Mode::kAuto;
  };
  UnwantWhere(orphaned, "no policy holds it now");
}

// The next action waits for what is being undone; not for what cannot be undone now.
bool Step::IsFirstUndoOpen() const {
  return std::any_of(
      incident_.overrides.begin(), incident_.overrides.end(), [&](const HeldOverride& one) {
        const auto watch = watch_.overrides.find(one.attempt_id);
        return !IsWanted(one) && watch != watch_.overrides.end() && watch->second.failures == 0;
      });
}

bool Step::AllUndone(const std::string& why) {
  UnwantWhere(IsWanted, why);
  return incident_.overrides.empty();
}

void Step::Drop(const HeldOverride& one) {
  const std::string id = one.attempt_id;
  watch_.overrides.erase(id);
  std::erase_if(incident_.overrides,
                [&](const HeldOverride& held) { return held.attempt_id == id; });
  advanced_.changed = true;
}

void Step::AskOverrides() {
  for (const HeldOverride& one : incident_.overrides) {
    OverrideWatch& watch = watch_.overrides[one.attempt_id];
    if (watch.busy || now_ < watch.next_call || one.phase == HoldPhase::kLifted) continue;
    watch.busy = true;
    Ask(one);
  }
}

void Step::Ask(const HeldOverride& one) {
  const Duration deadline = TimeoutOf(around_.policies, one.action);
  if (one.phase == HoldPhase::kReturning) {
    const Attempt* attempt = FindAttempt(one.attempt_id);
    advanced_.effects.emplace_back(PrepareOverride{ToAction(*attempt), deadline});
    return;
  }
  const bool observing =
      incident_.state == IncidentState::kObserving && AttemptUnderWay(one.attempt_id) != nullptr;
  const bool undo = one.phase == HoldPhase::kUndoing || one.phase == HoldPhase::kLifting;
  const OverrideOperation operation = observing ? OverrideOperation::kInspect
                                      : undo    ? OverrideOperation::kUndo
                                                : OverrideOperation::kApply;
  advanced_.effects.emplace_back(
      OperateOverride{operation, one.attempt_id, one.action, one.held, deadline});
}

const Rung* Step::RungOf(const std::string& policy, size_t rung) const {
  const Policy* found = FindPolicyByName(around_.policies, policy);
  return found != nullptr && rung < found->ladder.size() ? &found->ladder[rung] : nullptr;
}

const Hold* Step::HoldOf(const HeldOverride& one) const {
  const Rung* rung = RungOf(one.policy, one.rung);
  return rung != nullptr && rung->action == one.action && rung->hold ? &*rung->hold : nullptr;
}

HeldOverride* Step::FindHeld(const std::string& attempt_id) {
  const auto it =
      std::find_if(incident_.overrides.begin(), incident_.overrides.end(),
                   [&](const HeldOverride& one) { return one.attempt_id == attempt_id; });
  return it == incident_.overrides.end() ? nullptr : &*it;
}

HeldOverride* Step::Releasable() {
  const HeldOverride* next = NextToRelease(incident_);
  return next == nullptr ? nullptr : FindHeld(next->attempt_id);
}

const Attempt* Step::FindAttempt(const std::string& id) const {
  const auto it = std::find_if(incident_.attempts.begin(), incident_.attempts.end(),
                               [&](const Attempt& attempt) { return attempt.id == id; });
  return it == incident_.attempts.end() ? nullptr : &*it;
}

}  // namespace promheal::healing
