#include "webhook/core/advance/outcome.h"

namespace promheal::healing {
namespace {

bool IsRehearsal(DecisionReason reason) {
  return reason == DecisionReason::kShadowMode || reason == DecisionReason::kRecommendMode;
}

}  // namespace

Ending EndingOf(const Incident& incident, Closing closing) {
  const std::optional<Decision>& decision = incident.last_decision;
  if (incident.escalated_at) {
    return {Outcome::kEscalated, decision ? std::string(ToString(decision->reason)) : ""};
  }
  if (incident.state == IncidentState::kWatching && decision) {
    return {IsRehearsal(decision->reason) ? Outcome::kShadow : Outcome::kSuppressed,
            std::string(ToString(decision->reason))};
  }
  if (!incident.attempts.empty() && incident.attempts.back().verdict == ActionVerdict::kHealed) {
    return {Outcome::kHealed, incident.attempts.back().action};
  }
  if (closing == Closing::kUnconfirmed && !incident.recovered_at) {
    return {Outcome::kEscalated, "unconfirmed"};
  }
  return {Outcome::kRecovered, ""};
}

}  // namespace promheal::healing
