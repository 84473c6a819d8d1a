#pragma once

#include <optional>

#include "common/base/time.h"

namespace promheal {

enum class Signal { kTerminate, kReload };  // SIGTERM or SIGINT; SIGHUP.

// Turns signals into values: construct it in main before any thread starts, then wait. It also
// ignores SIGPIPE: a peer that hangs up is an error of that connection only.
class SignalWaiter {
 public:
  SignalWaiter();  // Blocks the signals for this and all threads started later.
  // The next signal, or nullopt if none came within `timeout`.
  std::optional<Signal> WaitFor(Duration timeout);
};

}  // namespace promheal
