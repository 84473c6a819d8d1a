#pragma once

#include "common/io/clock.h"
#include "common/io/program.h"

namespace promheal::healing {

// `healing_webhook --config.check`: says all that is wrong, or hardly meant, and returns the exit
// status. With `ask_prometheus` also which queries it refuses or has no data for.
int CheckConfig(const CommonFlags& flags, bool ask_prometheus, const Clock& clock);

}  // namespace promheal::healing
