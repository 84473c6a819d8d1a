#pragma once

#include <condition_variable>
#include <cstddef>
#include <future>
#include <mutex>
#include <vector>

#include "common/base/result.h"
#include "webhook/healer/healer.h"

namespace promheal::healing {

// Queues input for the worker: deliveries and orders of HTTP threads, answers of calls, readings, a
// new configuration. Thread safety: any thread; only the worker calls Pop.
class Inbox {
 public:
  explicit Inbox(size_t capacity) : capacity_(capacity) {}

  // Queues a delivery and waits until it is durable. kUnavailable if the queue is full, the ledger
  // cannot be written, or the worker ends. kTimeout after `timeout`; the delivery may still become
  // durable, and sending it again does no harm.
  Status Deliver(Delivery delivery, Duration timeout);
  // The same for a person's order. Returns its result; kNotFound and the like come from the healer.
  Result<OrderReport> Give(Order order, Duration timeout);
  // Replaces a reading that still waits.
  void Reconcile(AlertmanagerReading reading);
  void Answer(CallAnswer answer);
  void Reconfigure(ConfigSnapshot config);
  void Stop();

  struct Batch {
    HealerInput input;
    std::vector<std::promise<Status>> waiting;                // By delivery.
    std::vector<std::promise<Result<OrderReport>>> ordering;  // By order.
    bool stopped = false;
  };
  // Waits for input and returns all of it; an empty batch after `timeout`.
  Batch Pop(Duration timeout);

  size_t depth() const;

 private:
  const size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  Batch batch_;
};

}  // namespace promheal::healing
