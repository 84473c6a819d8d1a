#include "tests/support/wait.h"

#include <poll.h>

#include "common/io/clock.h"

namespace promheal::support {

bool WaitUntil(const std::function<bool()>& condition, Duration timeout) {
  constexpr int kPauseMilliseconds = 10;
  const SystemClock clock;
  const Duration deadline = clock.Monotonic() + timeout;
  while (!condition()) {
    if (clock.Monotonic() >= deadline) return false;
    ::poll(nullptr, 0, kPauseMilliseconds);
  }
  return true;
}

}  // namespace promheal::support
