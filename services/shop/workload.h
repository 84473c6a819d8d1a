#pragma once

#include <condition_variable>
#include <mutex>
#include <random>

#include "common/base/time.h"

namespace promheal::shop {

// The work that a request is: time in which a worker does nothing else, from half to one and a half
// times the mean, so that quantiles mean something. It sleeps, so that a small machine can run a
// whole shop. Thread safety: any thread.
class Workload {
 public:
  explicit Workload(unsigned seed) : random_(seed) {}

  void Do(Duration mean);
  // Ends all work under way, and makes new work short: for the end of the process.
  void Stop();

 private:
  std::mutex mutex_;
  std::condition_variable stopped_changed_;
  bool stopped_ = false;
  std::minstd_rand random_;
};

}  // namespace promheal::shop
