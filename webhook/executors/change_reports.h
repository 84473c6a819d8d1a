#pragma once

#include <vector>

#include "webhook/core/override/override_plan.h"

namespace promheal::healing {

// The worse of two results. kUnknown is worse than kFailed: its effect must still be found out.
ActionResult WorseOf(ActionResult a, ActionResult b);

// One report from those of all changes of `held`, in the same order. Its detail names a keeper only
// if another one holds a place of the same name.
OverrideReport Together(const Override& held, const std::vector<ChangeReport>& reports);

// A ledger may name a gateway that the configuration no longer has.
ChangeReport KeeperNotConfigured(const OverrideChange& change);

}  // namespace promheal::healing
