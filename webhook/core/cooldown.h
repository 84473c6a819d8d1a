#pragma once

#include <string>
#include <vector>

#include "common/base/time.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// One use of an action on a target.
struct ActionUse {
  std::string attempt_id;
  Time at;

  bool operator==(const ActionUse&) const = default;
};

// How long a use makes later cooldowns longer.
inline constexpr Duration kUsesRemembered = std::chrono::hours(24);

// The number of uses that are remembered at `now`.
int CountUses(const std::vector<ActionUse>& uses, Time now);
// Adds a use, and drops those that are no longer remembered.
void AddUse(std::vector<ActionUse>& uses, const ActionUse& use);

// The time from a use of the rung's action to the next use on the same target: `cooldown`,
// multiplied by `cooldown_factor` for each of the `uses_before` within kUsesRemembered, at most
// `cooldown_max`.
Duration CooldownAfter(const Rung& rung, int uses_before);

}  // namespace promheal::healing
