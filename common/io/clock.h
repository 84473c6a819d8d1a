#pragma once

#include <chrono>

#include "common/base/time.h"

namespace promheal {

// The source of time outside the cores. The cores have a parameter `now` instead.
// Thread safety: all members may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Wall clock, UTC. May jump.
  virtual Time Now() const = 0;
  // Milliseconds since an arbitrary start; never jumps. For deadlines and durations.
  virtual Duration Monotonic() const = 0;
  // Monotonic() in nanoseconds, for latencies below a millisecond. A fake need not override it.
  virtual std::chrono::nanoseconds MonotonicNanoseconds() const { return Monotonic(); }
};

class SystemClock final : public Clock {
 public:
  Time Now() const override;
  Duration Monotonic() const override;
  std::chrono::nanoseconds MonotonicNanoseconds() const override;
};

}  // namespace promheal
