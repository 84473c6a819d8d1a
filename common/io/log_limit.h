#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "common/io/clock.h"

namespace promheal {

// Limits log lines that outsiders can cause at will: one line per `interval`, which tells how many
// were left out before it. Thread safety: any thread.
class LogLimit {
 public:
  LogLimit(const Clock& clock, Duration interval) : clock_(clock), interval_(interval) {}

  // If a line may be written now: the number of lines left out since the last one. Otherwise counts
  // this line as left out and returns nullopt.
  std::optional<int> Admit() {
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
