#include "webhook/core/advance/held_overrides.h"

#include <algorithm>

#include "webhook/core/advance/timeline.h"

namespace promheal::healing {

HeldOverride* HeldOverrides::Find(const std::string& attempt_id) {
  const auto it =
      std::find_if(incident_.overrides.begin(), incident_.overrides.end(),
                   [&](const HeldOverride& override) { return override.attempt_id == attempt_id; });
  return it == incident_.overrides.end() ? nullptr : &*it;
}

HeldOverride* HeldOverrides::Releasable() {
  const HeldOverride* next = NextToRelease(incident_);
  return next == nullptr ? nullptr : Find(next->attempt_id);
}

const Hold* HeldOverrides::HoldOf(const HeldOverride& override) const {
  const Rung* rung = context_.RungOf(override.policy, override.rung);
  return rung != nullptr && rung->action == override.action && rung->hold ? &*rung->hold : nullptr;
}

bool HeldOverrides::IsBlind(const HeldOverride& override) const {
  const Rung* rung = context_.RungOf(override.policy, override.rung);
  return override.step == 0 && rung != nullptr && rung->probe;
}

bool HeldOverrides::IsUndoing() const {
  return std::any_of(incident_.overrides.begin(), incident_.overrides.end(),
                     [&](const HeldOverride& override) {
                       const auto watch = watch_.overrides.find(override.attempt_id);
                       return !IsWanted(override) && watch != watch_.overrides.end() &&
                              watch->second.failures == 0;
                     });
}

void HeldOverrides::WithdrawAll(const std::string& why) { WithdrawIf(IsWanted, why); }

void HeldOverrides::WithdrawUnkept(const std::string& why) {
  const auto goes = [this](const HeldOverride& override) {
    const Hold* hold = HoldOf(override);
    return hold == nullptr || !hold->keep_when_escalated;
  };
  WithdrawIf(goes, why);
}

void HeldOverrides::WithdrawUnheld(const std::string& why) {
  const auto goes = [this](const HeldOverride& override) {
    const Policy* policy = FindPolicyByName(context_.around.policies, override.policy);
    return HoldOf(override) == nullptr || policy->mode != Mode::kAuto;
  };
  WithdrawIf(goes, why);
}

// Collects ids first: Withdraw may erase from the list.
void HeldOverrides::WithdrawIf(const std::function<bool(const HeldOverride&)>& goes,
                               const std::string& why) {
  std::vector<std::string> ids;
  for (const HeldOverride& override : incident_.overrides) {
    if (goes(override)) ids.push_back(override.attempt_id);
  }
  for (const std::string& id : ids) Withdraw(*Find(id), why);
}

void HeldOverrides::Withdraw(HeldOverride& override, const std::string& why) {
  if (!IsWanted(override)) return;
  const bool in_force = MayBeInForce(override);
  Log(override, "unwanted", "is no longer wanted, because " + why);
  if (!in_force) {
    Drop(override);
    return;
  }
  override.phase = HoldPhase::kUndoing;
  OverrideWatch& watch = watch_.overrides[override.attempt_id];
  watch.next_call = now_;
  watch.failures = 0;
}

void HeldOverrides::Drop(const HeldOverride& override) {
  const std::string id = override.attempt_id;
  watch_.overrides.erase(id);
  std::erase_if(incident_.overrides,
                [&](const HeldOverride& other) { return other.attempt_id == id; });
  context_.advanced.changed = true;
}

void HeldOverrides::CallExecutors() {
  for (const HeldOverride& override : incident_.overrides) {
    OverrideWatch& watch = watch_.overrides[override.attempt_id];
    if (watch.busy || now_ < watch.next_call || override.phase == HoldPhase::kLifted) continue;
    watch.busy = true;
    Call(override);
  }
}

void HeldOverrides::Call(const HeldOverride& override) {
  const Duration deadline = TimeoutOf(context_.around.policies, override.action);
  if (override.phase == HoldPhase::kReturning) {
    const auto attempt =
        std::find_if(incident_.attempts.begin(), incident_.attempts.end(),
                     [&](const Attempt& any) { return any.id == override.attempt_id; });
    context_.advanced.effects.emplace_back(PrepareOverride{context_.ToAction(*attempt), deadline});
    return;
  }
  const bool observing = incident_.state == IncidentState::kObserving &&
                         context_.AttemptUnderWay(override.attempt_id) != nullptr;
  const bool undo = override.phase == HoldPhase::kUndoing || override.phase == HoldPhase::kLifting;
  const OverrideOperation operation = observing ? OverrideOperation::kInspect
                                      : undo    ? OverrideOperation::kUndo
                                                : OverrideOperation::kApply;
  context_.advanced.effects.emplace_back(
      OperateOverride{operation, override.attempt_id, override.action, override.held, deadline});
}

void HeldOverrides::AddWakeTimes(std::vector<Time>& times) {
  for (const HeldOverride& override : incident_.overrides) {
    const OverrideWatch& watch = watch_.overrides[override.attempt_id];
    if (!watch.busy && override.phase != HoldPhase::kLifted) times.push_back(watch.next_call);
    if (const Hold* hold = HoldOf(override)) {
      times.push_back(NextStepAt(override, *hold));
      const Policy& policy = *FindPolicyByName(context_.around.policies, override.policy);
      times.push_back(watch_.known_at.value_or(now_) + policy.escalate_after);
    }
  }
}

void HeldOverrides::Log(const HeldOverride& override, std::string_view change,
                        const std::string& text) {
  context_.Log(OverrideEvent(now_, override, change, text));
}

}  // namespace promheal::healing
