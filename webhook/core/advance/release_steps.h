#pragma once

#include <cstddef>

#include "common/base/time.h"
#include "webhook/core/override/held_override.h"
#include "webhook/core/policy.h"

namespace promheal::healing {

// The steps of the release of a held override. Step 0 is the whole override, then come the
// percentages of Hold::release; the last step leaves nothing in force.

size_t LastStep(const Hold& hold);

// The percentage in force at a step, never more than the action's own; 0 at the last step.
int PercentOf(const HeldOverride& override, const Hold& hold, size_t step);

// The wait before the next step after so many relapses: it doubles, up to Hold::at_most.
Duration BackOff(const Hold& hold, int relapses);

}  // namespace promheal::healing
