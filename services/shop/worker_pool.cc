#include "services/shop/worker_pool.h"

#include <algorithm>

namespace promheal::shop {

WorkerPool::Lease::~Lease() {
  if (pool_ != nullptr) pool_->Release();
}

std::optional<WorkerPool::Lease> WorkerPool::Acquire() {
  std::unique_lock lock(mutex_);
  if (closed_) return std::nullopt;
  if (line_.empty() && serving_ + lost_ < workers_) {
    ++serving_;
    return Lease(this);
  }
  if (line_.size() >= queue_) return std::nullopt;
  Waiting waiting;
  line_.push_back(&waiting);
  waiting.granted_or_closed.wait(lock, [&] { return waiting.granted || closed_; });
  if (waiting.granted) return Lease(this);
  std::erase(line_, &waiting);
  return std::nullopt;
}

void WorkerPool::LoseWorkers(size_t count) {
  const std::lock_guard lock(mutex_);
  lost_ = std::min(count, workers_ - 1);
  GrantFreeWorkers();
}

void WorkerPool::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Waiting* waiting : line_) waiting->granted_or_closed.notify_one();
}

WorkerPool::Usage WorkerPool::usage() const {
  const std::lock_guard lock(mutex_);
  return {workers_, std::min(serving_ + lost_, workers_), line_.size()};
}

void WorkerPool::Release() {
  const std::lock_guard lock(mutex_);
  --serving_;
  GrantFreeWorkers();
}

void WorkerPool::GrantFreeWorkers() {
  while (!line_.empty() && serving_ + lost_ < workers_) {
    Waiting* first = line_.front();
    line_.pop_front();
    first->granted = true;
    ++serving_;
    first->granted_or_closed.notify_one();
  }
}

}  // namespace promheal::shop
