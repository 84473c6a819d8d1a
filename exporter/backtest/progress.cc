#include "exporter/backtest/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "common/base/duration.h"
#include "common/base/time_argument.h"

namespace promheal::anomaly {
namespace {

constexpr Duration kPause = std::chrono::seconds(2);

}  // namespace

Progress::Progress(const Clock& clock, Stretch judged)
    : clock_(clock),
      judged_(judged),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(clock.Monotonic()),
      next_(start_ + kPause) {}

void Progress::StepDone(Time time) {
  const Duration now = clock_.Monotonic();
  if (now < next_) return;
  next_ = now + kPause;
  const auto total = static_cast<double>((judged_.to - judged_.from).count());
  const double share =
      total > 0.0 ? static_cast<double>((time - judged_.from).count()) / total : 1.0;
  const auto elapsed = std::chrono::duration<double>(now - start_).count();
  const double left = share > 0.0 ? elapsed / share - elapsed : 0.0;
  fmt::print(stderr, "{}at {}, {:.0f} % done, about {:.0f} s left{}", terminal_ ? "\r" : "",
             TimeText(time), 100.0 * std::min(share, 1.0), left, terminal_ ? "\x1b[K" : "\n");
  std::fflush(stderr);
  shown_ = true;
}

void Progress::Finish() {
  if (shown_ && terminal_) fmt::print(stderr, "\n");
}

}  // namespace promheal::anomaly
