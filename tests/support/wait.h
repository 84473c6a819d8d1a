#pragma once

#include <functional>

#include "common/base/time.h"

namespace promheal::support {

// Asks `condition` again and again until it holds or `timeout` has passed; whether it held. For
// real processes and sockets only: what can be driven by a fake clock does not wait.
bool WaitUntil(const std::function<bool()>& condition, Duration timeout);

}  // namespace promheal::support
