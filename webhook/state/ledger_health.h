#pragma once

#include <mutex>
#include <string>

namespace promheal::healing {

// Whether the last step became durable: what /-/ready and metrics say about the ledger.
// Thread safety: any thread.
class LedgerHealth {
 public:
  // "" when it works, else why not.
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
