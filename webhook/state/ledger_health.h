#pragma once

#include <mutex>
#include <string>

namespace promheal::healing {

// Whether the last step became durable. /-/ready and metrics show it.
// Thread safety: any thread.
class LedgerHealth {
 public:
  // "" if the ledger works, else the reason.
  std::string problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
  }
  void Set(std::string problem) {
    const std::lock_guard lock(mutex_);
    problem_ = std::move(problem);
  }

 private:
  mutable std::mutex mutex_;
  std::string problem_ = "the ledger has not been read yet";
};

}  // namespace promheal::healing
