#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace promheal {

// Hands the latest version of an immutable value from the one thread that makes it to those that
// read it. Thread safety: any thread.
template <typename T>
class Published {
 public:
  // Never null: a default-made value before the first one.
  std::shared_ptr<const T> Get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void Publish(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_ = std::move(value);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_ = std::make_shared<const T>();
};

}  // namespace promheal
