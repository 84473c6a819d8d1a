#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal {

// HTTP threads receive POST /-/reload and /-/quit; the main thread carries them out. It waits for
// signals (SignalWaiter), so these requests reach it as SIGHUP and SIGTERM to this process.
// Thread safety: any thread.
class ReloadRequests {
 public:
  // Asks for a reload and returns its outcome; kTimeout if it has not ended within `timeout`. Waits
  // for a reload that begins after the call: an earlier one may have read an older file.
  Status RequestAndWait(Duration timeout);
  static void RequestTermination();

  // The main thread calls these before and after each reload, whoever asked for it.
  void Begin();
  void End(Status outcome);

 private:
  std::mutex mutex_;
  std::condition_variable reload_ended_;
  uint64_t begun_ = 0;
  uint64_t ended_ = 0;
  Status last_outcome_;
};

}  // namespace promheal
