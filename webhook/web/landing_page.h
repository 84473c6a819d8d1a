#pragma once

#include <string>

#include "common/base/time.h"
#include "webhook/config/config.h"
#include "webhook/state/healing_snapshot.h"

namespace promheal::healing {

// The page at "/": what is open and why nothing or something was done about it, what was closed and
// how, what would be healed at all. One HTML document without scripts or anything from elsewhere.
std::string LandingPage(const HealingSnapshot& snapshot, const HealingConfig& config,
                        const std::string& ledger_problem, Time now);

}  // namespace promheal::healing
