#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "webhook/core/incident.h"
#include "webhook/ledger/records.h"
#include "webhook/state/orphans.h"
#include "webhook/state/reserves.h"

namespace promheal::healing {

// The last readings of a keeper.
struct GatewayLook {
  bool answers = false;  // It answered the last reading.
  Time last_read;        // The epoch if never.
};
using GatewayLooks = std::map<std::string, GatewayLook>;  // By the keeper's address.

// The state that HTTP threads show. Immutable.
struct HealingSnapshot {
  std::vector<std::shared_ptr<const Incident>> open;    // By target.
  std::vector<std::shared_ptr<const Incident>> closed;  // Newest first, at most kMaxClosedShown.
  std::vector<FrozenRecord> frozen;
  std::optional<Pause> paused;
  std::vector<Orphan> orphans;
  GatewayLooks gateways;
  Reserves reserves;
};
inline constexpr size_t kMaxClosedShown = 200;

// The changes of a step. Maps are by ledger key; null: the record was erased.
struct SnapshotNews {
  bool from_scratch = false;  // The earlier state is dropped.
  std::map<std::string, std::shared_ptr<const Incident>> open;
  std::vector<std::shared_ptr<const Incident>> closed;  // In order of closing; also changed ones.
  std::map<std::string, std::shared_ptr<const FrozenRecord>> frozen;
  std::map<std::string, std::shared_ptr<const Pause>> pause;  // At most one.
  std::optional<std::vector<Orphan>> orphans;                 // nullopt: unchanged.
  std::optional<GatewayLooks> gateways;                       // nullopt: unchanged.
  Reserves reserves;
};

// Merges the changes of each step, at a cost of their number, and builds a snapshot only if asked
// for one. Thread safety: any thread.
class PublishedSnapshot {
 public:
  // Builds a new snapshot only if something changed since the last one.
  std::shared_ptr<const HealingSnapshot> Get() const;
  void Publish(SnapshotNews news);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Incident>> open_;
  std::deque<std::shared_ptr<const Incident>> closed_;  // Newest first.
  std::map<std::string, std::shared_ptr<const FrozenRecord>> frozen_;
  std::map<std::string, std::shared_ptr<const Pause>> pause_;
  std::vector<Orphan> orphans_;
  GatewayLooks gateways_;
  Reserves reserves_;
  mutable std::shared_ptr<const HealingSnapshot> made_;  // Null: out of date.
};

}  // namespace promheal::healing
