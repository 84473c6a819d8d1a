#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace promheal::shop {

// Limits the requests served at once and the requests that wait in line: load beyond them hurts.
// First come, first served. Thread safety: any thread.
class WorkerPool {
 public:
  // Occupies one worker of the pool while it lives.
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
    size_t limit = 0;   // All workers.
    size_t busy = 0;    // Serving a request, or lost.
    size_t queued = 0;  // Requests in line.
  };

  WorkerPool(size_t workers, size_t queue) : workers_(workers), queue_(queue) {}

  // Waits in line for a worker. nullopt if the line is full, and after Close.
  std::optional<Lease> Acquire();

  // Makes `count` workers unavailable, but always leaves one; 0 returns all. Does not disturb
  // requests being served.
  void LoseWorkers(size_t count);

  // Refuses all waiting and future requests.
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
