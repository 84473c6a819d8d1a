#include "services/shop/workload.h"

namespace promheal::shop {

void Workload::Do(Duration mean) {
  std::unique_lock lock(mutex_);
  std::uniform_real_distribution<double> share(0.5, 1.5);
  const std::chrono::duration<double> time = share(random_) * mean;
  stopped_changed_.wait_for(lock, time, [this] { return stopped_; });
}

void Workload::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  stopped_changed_.notify_all();
}

}  // namespace promheal::shop
