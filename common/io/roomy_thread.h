#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace promheal {

// Runs things for another thread, on a stack of the usual size. Debian's civetweb gives its own
// threads 100 KiB, which parsers, databases and TLS overrun. Its thread starts with the first task.
// Thread safety: one thread at a time calls Run.
class RoomyThread {
 public:
  RoomyThread() = default;
  ~RoomyThread();
  RoomyThread(const RoomyThread&) = delete;
  RoomyThread& operator=(const RoomyThread&) = delete;

  // Returns when `task` has run. `task` must not throw.
  void Run(const std::function<void()>& task);

 private:
  void Loop();

  std::mutex mutex_;
  std::condition_variable changed_;
  const std::function<void()>* task_ = nullptr;  // Until it has run.
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace promheal
