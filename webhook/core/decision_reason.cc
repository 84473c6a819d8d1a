#include "webhook/core/decision_reason.h"

#include <algorithm>
#include <array>

namespace promheal::healing {
namespace {

using Kind = DecisionKind;
using Reason = DecisionReason;

struct ReasonRow {
  Reason reason;
  Kind kind;
  std::string_view name;
};

// In the order of the enum.
constexpr std::array<ReasonRow, kDecisionReasonCount> kReasons = {{
    {Reason::kFirstRung, Kind::kHeal, "first_rung"},
    {Reason::kSameRungAgain, Kind::kHeal, "same_rung_again"},
    {Reason::kNextRung, Kind::kHeal, "next_rung"},
    {Reason::kAlertsResolved, Kind::kWait, "alerts_resolved"},
    {Reason::kPaused, Kind::kWait, "paused"},
    {Reason::kMaintenance, Kind::kWait, "maintenance"},
    {Reason::kSilenced, Kind::kWait, "silenced"},
    {Reason::kNoEvidence, Kind::kWait, "no_evidence"},
    {Reason::kNoData, Kind::kWait, "no_data"},
    {Reason::kDataSayHealthy, Kind::kWait, "data_say_healthy"},
    {Reason::kWaitForPlatform, Kind::kWait, "wait_for_platform"},
    {Reason::kCooldown, Kind::kWait, "cooldown"},
    {Reason::kGlobalBudget, Kind::kWait, "global_budget"},
    {Reason::kServiceBudget, Kind::kWait, "service_budget"},
    {Reason::kHourlyBudget, Kind::kWait, "hourly_budget"},
    {Reason::kGroupBudget, Kind::kWait, "group_budget"},
    {Reason::kStorm, Kind::kWait, "storm"},
    {Reason::kMinHealthy, Kind::kWait, "min_healthy"},
    {Reason::kInstanceIncidentOpen, Kind::kWait, "instance_incident_open"},
    {Reason::kRequirementUnmet, Kind::kSkip, "requirement_unmet"},
    {Reason::kNoTarget, Kind::kRefuse, "no_target"},
    {Reason::kProtectedTarget, Kind::kRefuse, "protected_target"},
    {Reason::kFalseAlarm, Kind::kRefuse, "false_alarm"},
    {Reason::kNoPolicy, Kind::kRefuse, "no_policy"},
    {Reason::kNotifyOnly, Kind::kRefuse, "notify_only"},
    {Reason::kUnsafeLabel, Kind::kRefuse, "unsafe_label"},
    {Reason::kShadowMode, Kind::kRefuse, "shadow_mode"},
    {Reason::kRecommendMode, Kind::kRefuse, "recommend_mode"},
    {Reason::kTargetFrozen, Kind::kRefuse, "target_frozen"},
    {Reason::kLadderExhausted, Kind::kRefuse, "ladder_exhausted"},
    {Reason::kWaitedTooLong, Kind::kRefuse, "waited_too_long"},
}};

constexpr bool InOrder() {
  for (size_t i = 0; i < kReasons.size(); ++i) {
    if (static_cast<size_t>(kReasons[i].reason) != i) return false;
  }
  return true;
}
static_assert(InOrder());

}  // namespace

std::string_view ToString(DecisionKind kind) {
  switch (kind) {
    case Kind::kHeal:
      return "heal";
    case Kind::kWait:
      return "wait";
    case Kind::kSkip:
      return "skip";
    case Kind::kRefuse:
      return "refuse";
  }
  return "unknown";
}

std::string_view ToString(DecisionReason reason) {
  return kReasons[static_cast<size_t>(reason)].name;
}

std::optional<DecisionReason> ParseDecisionReason(std::string_view text) {
  const auto it = std::find_if(kReasons.begin(), kReasons.end(),
                               [&](const ReasonRow& row) { return row.name == text; });
  if (it == kReasons.end()) return std::nullopt;
  return it->reason;
}

DecisionKind KindOf(DecisionReason reason) { return kReasons[static_cast<size_t>(reason)].kind; }

bool CallsHuman(DecisionReason reason) {
  return reason == Reason::kTargetFrozen || reason == Reason::kLadderExhausted ||
         reason == Reason::kWaitedTooLong;
}

bool IsHeldUp(DecisionReason reason) {
  return reason == Reason::kPaused || reason == Reason::kMaintenance ||
         reason == Reason::kSilenced || reason == Reason::kStorm;
}

}  // namespace promheal::healing
