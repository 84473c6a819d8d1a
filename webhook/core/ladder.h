#pragma once

#include <cstddef>
#include <optional>

#include "webhook/core/decision.h"
#include "webhook/core/incident.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// The rung of the next attempt, and why it is this rung.
struct RungChoice {
  size_t rung = 0;
  DecisionReason reason = DecisionReason::kFirstRung;  // kFirstRung, kSameRungAgain or kNextRung.
};

// The lowest rung with attempts left that is not skipped; nullopt if there is none. Attempts that
// never happened do not count, except from the third on a rung: an action that never takes effect
// does not work.
std::optional<RungChoice> NextRung(const Policy& policy, const Incident& incident);

}  // namespace promheal::healing
