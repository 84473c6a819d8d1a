#pragma once

#include <condition_variable>
#include <cstddef>
#include <future>
#include <mutex>
#include <vector>

#include "common/base/result.h"
#include "webhook/healer/healer.h"

namespace promheal::healing {

// What waits for the worker: deliveries and orders of HTTP threads, answers of calls, a new
// configuration. Thread safety: any thread; Take belongs to the worker.
class Inbox {
 public:
  explicit Inbox(size_t capacity) : capacity_(capacity) {}

  // Hands a delivery over and waits until it is durable. kUnavailable where the queue is full, the
  // ledger cannot be written, or the worker ends; kTimeout after `timeout`, and then it may still
  // become durable: sending it again does no harm.
  Status Deliver(Delivery delivery, Duration timeout);
  // The same for a person's order. What came of it; kNotFound and the like are the healer's answer.
  Result<OrderReport> Give(Order order, Duration timeout);
  // In place of an earlier one that still waits.
  void Reconcile(AlertmanagerReading reading);
  void Answer(CallAnswer answer);
  void Reconfigure(ConfigSnapshot config);
  void Stop();

  struct Batch {
    HealerInput input;
    std::vector<std::promise<Status>> waiting;                // One for each delivery.
    std::vector<std::promise<Result<OrderReport>>> ordering;  // One for each order.
    bool stopped = false;
  };
  // Everything that waits; after `timeout` perhaps nothing.
  Batch Take(Duration timeout);

  size_t depth() const;

 private:
  const size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  Batch batch_;
};

}  // namespace promheal::healing
