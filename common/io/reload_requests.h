#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "common/base/result.h"
#include "common/base/time.h"

namespace promheal {

// POST /-/reload and /-/quit are asked for on HTTP threads and done by the main thread, which waits
// for signals (SignalWaiter): they reach it as SIGHUP and SIGTERM to ourselves.
// Thread safety: any thread.
class ReloadRequests {
 public:
  // Asks for a reload and waits for how it went; kTimeout where the main thread is busy for longer.
  // Only one that begins after the call counts: an earlier one may have read an older file.
  Status RequestAndWait(Duration timeout);
  static void RequestTermination();

  // The main thread says so before and after each reload, whoever asked for it.
  void Begin();
  void End(Status outcome);

 private:
  std::mutex mutex_;
  std::condition_variable ended_one_;
  uint64_t begun_ = 0;
  uint64_t ended_ = 0;
  Status last_outcome_;
};

}  // namespace promheal
