#pragma once

#include <string>

#include "webhook/config/config.h"
#include "webhook/core/advance/advance.h"
#include "webhook/state/calls.h"

namespace promheal::healing {

// Calls about what is held in force, through the executor of the action. Where the configuration
// has none that can hold it, the answer says so.
OverridePrepared Prepare(const HealingConfig& config, const PrepareOverride& prepare);
OverrideReported Operate(const HealingConfig& config, const OperateOverride& operate);

OverridesRead Read(const HealingConfig& config, const ReadOverrides& read);

// Only says how it would be: changes nothing.
Result<Override> AtPercentBy(const HealingConfig& config, const std::string& action,
                             const Override& held, int percent);

// Whether the configuration can hold what the action leaves in force.
bool CanHold(const HealingConfig& config, const std::string& action);

}  // namespace promheal::healing
