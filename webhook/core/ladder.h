#pragma once

#include <cstddef>
#include <optional>

#include "webhook/core/decision.h"
#include "webhook/core/incident.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// Where the next attempt of an incident stands on its policy's ladder.
struct LadderStep {
  size_t rung = 0;
  DecisionReason reason = DecisionReason::kFirstRung;  // kFirstRung, kSameRungAgain or kNextRung.
};

// The lowest rung with attempts left that is not skipped, or nothing when there is none. Attempts
// that never happened do not count, but the third of them on one rung does: what never takes effect
// does not work.
std::optional<LadderStep> NextStep(const Policy& policy, const Incident& incident);

}  // namespace promheal::healing
