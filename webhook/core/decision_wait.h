#pragma once

#include <optional>
#include <string>

#include "webhook/core/decision.h"

namespace promheal::healing {

// The waits of Decide, in the order in which it checks them. Each returns why the healer does not
// act yet; nullopt if it does not object.

// Waits for people, who come before data: a pause, maintenance, a silence.
std::optional<Decision> WaitForPeople(const DecisionInput& input, Time now);
// Waits until data show the trouble.
std::optional<Decision> WaitForData(const DecisionInput& input, const Policy& policy, Time now);
// Waits for the platform, the end of a storm, an instance that is being healed.
std::optional<Decision> WaitForOthers(const DecisionInput& input, const Policy& policy, Time now);
// Waits for this rung: its cooldown, the budgets, its min_healthy.
std::optional<Decision> WaitForTurn(const DecisionInput& input, const Policy& policy, size_t rung,
                                    Time now);
// Returns the wait, or a call for a human if it has lasted too long.
Decision WaitOrEscalate(const DecisionInput& input, Decision wait, const Policy& policy, Time now);

}  // namespace promheal::healing
