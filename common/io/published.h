#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace promheal {

// The latest version of an immutable value: one thread publishes it, others read it.
// Thread safety: any thread.
template <typename T>
class Published {
 public:
  // Never null: a default-constructed value until the first Publish.
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
