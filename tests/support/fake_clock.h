#pragma once

#include "common/io/clock.h"

namespace promheal::support {

// A clock that stands still until a test moves it. Not thread-safe.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Time now) : now_(now) {}

  Time Now() const override { return now_; }
  Duration Monotonic() const override { return now_.time_since_epoch(); }

  void Advance(Duration by) { now_ += by; }
  void Set(Time now) { now_ = now; }

 private:
  Time now_;
};

}  // namespace promheal::support
