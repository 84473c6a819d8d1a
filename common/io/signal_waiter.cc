#include "common/io/signal_waiter.h"

#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "common/io/clock.h"

namespace promheal {
namespace {

// The signals that SignalWaiter blocks and waits for.
sigset_t AwaitedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

constexpr Duration kLongestWait = std::chrono::hours(24 * 365);

timespec ToTimespec(Duration duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(),
          .tv_nsec = std::chrono::nanoseconds(duration - seconds).count()};
}

}  // namespace

SignalWaiter::SignalWaiter() {
  const sigset_t set = AwaitedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

std::optional<Signal> SignalWaiter::WaitFor(Duration timeout) {
  const sigset_t set = AwaitedSignals();
  const SystemClock clock;
  const Duration deadline = clock.Monotonic() + std::min(timeout, kLongestWait);
  while (true) {
    const timespec rest = ToTimespec(std::max(deadline - clock.Monotonic(), Duration(0)));
    const int number = sigtimedwait(&set, nullptr, &rest);
    if (number > 0) return number == SIGHUP ? Signal::kReload : Signal::kTerminate;
    if (errno != EINTR) return std::nullopt;
  }
}

}  // namespace promheal
