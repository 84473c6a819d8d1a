#pragma once

#include "common/io/clock.h"
#include "common/io/program.h"

namespace promheal::healing {

// `healing_webhook --config.check`: prints all errors and warnings, and returns the exit status.
// With `ask_prometheus` also the queries that Prometheus rejects or has no data for.
int CheckConfig(const CommonFlags& flags, bool ask_prometheus, const Clock& clock);

}  // namespace promheal::healing
