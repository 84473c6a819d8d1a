#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "webhook/core/incident.h"
#include "webhook/ledger/records.h"
#include "webhook/orphans.h"

namespace promheal::healing {

// What the worker shows to HTTP threads. Immutable once published.
struct HealingSnapshot {
  std::vector<std::shared_ptr<const Incident>> open;    // By target.
  std::vector<std::shared_ptr<const Incident>> closed;  // Newest first, kMaxClosedShown at most.
  std::vector<FrozenRecord> frozen;
  std::vector<Orphan> orphans;
};
inline constexpr size_t kMaxClosedShown = 200;

// Thread safety: any thread.
class PublishedSnapshot {
 public:
  std::shared_ptr<const HealingSnapshot> Get() const {
    const std::lock_guard lock(mutex_);
    return snapshot_;
  }
  void Set(std::shared_ptr<const HealingSnapshot> snapshot) {
    const std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const HealingSnapshot> snapshot_ = std::make_shared<HealingSnapshot>();
};

}  // namespace promheal::healing
