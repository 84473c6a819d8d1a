#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace promheal {

// Runs tasks for another thread on a stack of the usual size (8 MiB). Debian's civetweb gives its
// threads 100 KiB, which parsers, databases and TLS overrun. Starts its thread with the first task.
// Thread safety: one thread at a time calls Run.
class LargeStackThread {
 public:
  LargeStackThread() = default;
  ~LargeStackThread();
  LargeStackThread(const LargeStackThread&) = delete;
  LargeStackThread& operator=(const LargeStackThread&) = delete;

  // Returns when `task` has run. `task` must not throw.
  void Run(const std::function<void()>& task);

 private:
  void Loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* task_ = nullptr;  // Null once it has run.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace promheal
