#pragma once

#include <memory>

#include "webhook/executors/executor.h"

namespace promheal::healing {

// Stands in for an executor: accepts and refuses what it does, holds what it holds, and does
// nothing. Every call comes to "done, but only simulated".
std::unique_ptr<Executor> Simulated(std::unique_ptr<Executor> real);

}  // namespace promheal::healing
