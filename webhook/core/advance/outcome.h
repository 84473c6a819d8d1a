#pragma once

#include <string>

#include "webhook/core/incident.h"

namespace promheal::healing {

// Whether data confirmed the end of the incident, or only its alerts are resolved.
enum class Closing { kConfirmed, kUnconfirmed };

struct Ending {
  Outcome outcome = Outcome::kRecovered;
  std::string reason;  // The action that healed; or a DecisionReason, "unconfirmed" or "".
};

// The ending of an incident that closes now. Once escalated it ends as escalated, whatever happened
// later; a refusal keeps its reason. An unconfirmed end is healed or recovered only if data had
// said recovered before.
Ending EndingOf(const Incident& incident, Closing closing);

}  // namespace promheal::healing
