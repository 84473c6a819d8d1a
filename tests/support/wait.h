#pragma once

#include <functional>

#include "common/base/time.h"

namespace promheal::support {

// Polls `condition` until it holds or `timeout` has passed; returns whether it held. Only for tests
// with real processes and sockets; others use a fake clock.
bool WaitUntil(const std::function<bool()>& condition, Duration timeout);

}  // namespace promheal::support
