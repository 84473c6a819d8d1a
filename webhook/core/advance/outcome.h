#pragma once

#include <string>

#include "webhook/core/incident.h"

namespace promheal::healing {

// Whether data, or only the lack of alerts, ended the incident.
enum class Closing { kConfirmed, kUnconfirmed };

struct Ending {
  Outcome outcome = Outcome::kRecovered;
  std::string reason;  // The action that healed, or why not: a DecisionReason or "unconfirmed".
};

// How an incident that closes now has ended. A human called stays called, whatever happened later;
// a refusal keeps its reason; without data nothing is healed or recovered unless data had said so
// before.
Ending EndingOf(const Incident& incident, Closing closing);

}  // namespace promheal::healing
