#include "webhook/healer/inbox.h"

#include <utility>

namespace promheal::healing {

Status Inbox::Deliver(Delivery delivery, Duration timeout) {
  std::future<Status> durable;
  {
    const std::lock_guard lock(mutex_);
    if (batch_.stopped) return Fail(ErrorCode::kUnavailable, "the healer is stopping");
    if (batch_.input.deliveries.size() >= capacity_) {
      return Fail(ErrorCode::kUnavailable, "the queue is full");
    }
    batch_.input.deliveries.push_back(std::move(delivery));
    durable = batch_.waiting.emplace_back().get_future();
  }
  arrived_.notify_one();
  if (durable.wait_for(timeout) != std::future_status::ready) {
    return Fail(ErrorCode::kTimeout, "the ledger has not confirmed in time");
  }
  return durable.get();
}

Result<OrderReport> Inbox::Give(Order order, Duration timeout) {
  std::future<Result<OrderReport>> carried_out;
  {
    const std::lock_guard lock(mutex_);
    if (batch_.stopped) return Fail(ErrorCode::kUnavailable, "the healer is stopping");
    if (batch_.input.orders.size() >= capacity_) {
      return Fail(ErrorCode::kUnavailable, "the queue is full");
    }
    batch_.input.orders.push_back(std::move(order));
    carried_out = batch_.ordering.emplace_back().get_future();
  }
  arrived_.notify_one();
  if (carried_out.wait_for(timeout) != std::future_status::ready) {
    return Fail(ErrorCode::kTimeout, "the ledger has not confirmed in time");
  }
  return carried_out.get();
}

void Inbox::Answer(CallAnswer answer) {
  {
    const std::lock_guard lock(mutex_);
    batch_.input.answers.push_back(std::move(answer));
  }
  arrived_.notify_one();
}

void Inbox::Reconcile(AlertmanagerReading reading) {
  {
    const std::lock_guard lock(mutex_);
    batch_.input.reading = std::move(reading);
  }
  arrived_.notify_one();
}

void Inbox::Reconfigure(ConfigSnapshot config) {
  {
    const std::lock_guard lock(mutex_);
    batch_.input.new_config = std::move(config);
  }
  arrived_.notify_one();
}

void Inbox::Stop() {
  {
    const std::lock_guard lock(mutex_);
    batch_.stopped = true;
  }
  arrived_.notify_one();
}

Inbox::Batch Inbox::Pop(Duration timeout) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, timeout, [this] {
    return batch_.stopped || batch_.input.new_config || batch_.input.reading ||
           !batch_.input.answers.empty() || !batch_.input.deliveries.empty() ||
           !batch_.input.orders.empty();
  });
  Batch taken = std::move(batch_);
  batch_ = Batch{};
  batch_.stopped = taken.stopped;
  return taken;
}

size_t Inbox::depth() const {
  const std::lock_guard lock(mutex_);
  return batch_.input.deliveries.size();
}

}  // namespace promheal::healing
