#pragma once

#include <memory>

#include "webhook/executors/executor.h"

namespace promheal::healing {

// Replaces an executor: accepts and refuses the same actions, reports the same overrides, and
// changes nothing. Every call succeeds with "done, but only simulated".
std::unique_ptr<Executor> Simulated(std::unique_ptr<Executor> real);

}  // namespace promheal::healing
