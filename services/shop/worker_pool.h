#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace promheal::shop {

// What makes load hurt: only so many requests are served at once, and only so many wait in line,
// first come, first served. Thread safety: any thread.
class WorkerPool {
 public:
  // One worker of the pool for as long as it lives.
  class Lease {
   public:
    Lease(Lease&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease();

   private:
    friend class WorkerPool;
    explicit Lease(WorkerPool* pool) : pool_(pool) {}
    WorkerPool* pool_;
  };

  struct Usage {
    size_t limit = 0;   // Workers there are.
    size_t busy = 0;    // Serving a request, or lost.
    size_t queued = 0;  // Requests in line.
  };

  WorkerPool(size_t workers, size_t queue) : workers_(workers), queue_(queue) {}

  // Waits in line for a worker. Nothing where the line is full, and after Close.
  std::optional<Lease> Acquire();

  // From now on `count` workers are stuck with something else, though one always stays; 0 gives all
  // of them back. Requests that are being served are not disturbed.
  void LoseWorkers(size_t count);

  // Turns away who waits and who comes.
  void Close();

  Usage usage() const;

 private:
  struct Waiting {
    std::condition_variable granted_or_closed;
    bool granted = false;
  };

  void Release();
  void GrantFreeWorkers();  // With mutex_ held.

  const size_t workers_;
  const size_t queue_;
  mutable std::mutex mutex_;
  size_t serving_ = 0;
  size_t lost_ = 0;
  bool closed_ = false;
  std::deque<Waiting*> line_;
};

}  // namespace promheal::shop
