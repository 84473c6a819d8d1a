#pragma once

#include <condition_variable>
#include <mutex>
#include <random>

#include "common/base/time.h"

namespace promheal::shop {

// The work of a request: it occupies a worker for half to one and a half times the mean, so that
// latency quantiles differ. It sleeps, so that a small machine can run the whole shop.
// Thread safety: any thread.
class Workload {
 public:
  explicit Workload(unsigned seed) : random_(seed) {}

  void Do(Duration mean);
  // Ends all work at once, also future work: for the end of the process.
  void Stop();

 private:
  std::mutex mutex_;
  std::condition_variable stopped_changed_;
  bool stopped_ = false;
  std::minstd_rand random_;
};

}  // namespace promheal::shop
