#include "common/io/large_stack_thread.h"

namespace promheal {

LargeStackThread::~LargeStackThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LargeStackThread::Run(const std::function<void()>& task) {
  if (!thread_.joinable()) thread_ = std::thread([this] { Loop(); });
  std::unique_lock lock(mutex_);
  task_ = &task;
  changed_.notify_all();
  changed_.wait(lock, [this] { return task_ == nullptr; });
}

void LargeStackThread::Loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return task_ != nullptr || stopping_; });
    if (task_ == nullptr) return;
    lock.unlock();
    (*task_)();
    lock.lock();
    task_ = nullptr;
    changed_.notify_all();
  }
}

}  // namespace promheal
