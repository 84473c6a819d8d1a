#pragma once

#include <string>

#include "webhook/config/config.h"
#include "webhook/core/advance/advance.h"
#include "webhook/state/calls.h"

namespace promheal::healing {

// Call the action's executor about an override. If the configuration has no executor that can hold
// it, the answer says so.
OverridePrepared Prepare(const HealingConfig& config, const PrepareOverride& prepare);
OverrideReported Operate(const HealingConfig& config, const OperateOverride& operate);

OverridesRead Read(const HealingConfig& config, const ReadOverrides& read);

// Returns the override at another percentage; changes nothing.
Result<Override> AtPercentBy(const HealingConfig& config, const std::string& action,
                             const Override& held, int percent);

// Whether the configuration has an executor that holds overrides of the action.
bool CanHold(const HealingConfig& config, const std::string& action);

}  // namespace promheal::healing
