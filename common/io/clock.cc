#include "common/io/clock.h"

#include <chrono>

namespace promheal {

Time SystemClock::Now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Duration SystemClock::Monotonic() const {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

std::chrono::nanoseconds SystemClock::MonotonicNanoseconds() const {
  return std::chrono::steady_clock::now().time_since_epoch();
}

}  // namespace promheal
