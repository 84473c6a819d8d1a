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

// For so long uses make cooldowns longer.
inline constexpr Duration kUsesRemembered = std::chrono::hours(24);

// How many are remembered at `now`.
int CountUses(const std::vector<ActionUse>& uses, Time now);
// One more; those that need not be remembered any more are forgotten.
void AddUse(std::vector<ActionUse>& uses, const ActionUse& use);

// From one use of the rung's action to the next on the same target: `cooldown`, multiplied by
// `cooldown_factor` for each use within kUsesRemembered before, up to `cooldown_max`.
Duration CooldownAfter(const Rung& rung, int uses_before);

}  // namespace promheal::healing
