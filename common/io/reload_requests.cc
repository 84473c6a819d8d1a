#include "common/io/reload_requests.h"

#include <unistd.h>

#include <csignal>
#include <utility>

namespace promheal {

Status ReloadRequests::RequestAndWait(Duration timeout) {
  std::unique_lock lock(mutex_);
  const uint64_t ours = begun_ + 1;
  kill(getpid(), SIGHUP);
  if (!reload_ended_.wait_for(lock, timeout, [&] { return ended_ >= ours; })) {
    return Fail(ErrorCode::kTimeout, "busy: the reload follows, its outcome will be in the log");
  }
  return last_outcome_;
}

void ReloadRequests::RequestTermination() { kill(getpid(), SIGTERM); }

void ReloadRequests::Begin() {
  const std::lock_guard lock(mutex_);
  ++begun_;
}

void ReloadRequests::End(Status outcome) {
  {
    const std::lock_guard lock(mutex_);
    ended_ = begun_;
    last_outcome_ = std::move(outcome);
  }
  reload_ended_.notify_all();
}

}  // namespace promheal
