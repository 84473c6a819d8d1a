#pragma once

#include <string>

#include "common/base/time.h"
#include "webhook/config/config.h"
#include "webhook/state/healing_snapshot.h"

namespace promheal::healing {

// The page at "/": open incidents with the reason for acting or not, closed incidents with their
// outcome, and the policies. One HTML document without scripts or external resources.
std::string LandingPage(const HealingSnapshot& snapshot, const HealingConfig& config,
                        const std::string& ledger_problem, Time now);

}  // namespace promheal::healing
