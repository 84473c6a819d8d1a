#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "common/io/clock.h"

namespace promheal {

// Keeps what anybody can cause as often as he likes from flooding the log: one line every
// `interval`, which says how many were left out. Thread safety: any thread.
class LogLimit {
 public:
  LogLimit(const Clock& clock, Duration interval) : clock_(clock), interval_(interval) {}

  // How many lines were left out since the last one, where it is time for another; else nothing.
  std::optional<int> Take() {
    const std::lock_guard lock(mutex_);
    const Duration now = clock_.Monotonic();
    if (last_ && now - *last_ < interval_) {
      ++left_out_;
      return std::nullopt;
    }
    last_ = now;
    return std::exchange(left_out_, 0);
  }

 private:
  const Clock& clock_;
  const Duration interval_;
  std::mutex mutex_;
  std::optional<Duration> last_;
  int left_out_ = 0;
};

}  // namespace promheal
