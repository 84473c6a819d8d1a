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

// What came of the looks at a gateway, or whatever else holds something in force.
struct GatewayLook {
  bool answers = false;  // To the last one.
  Time last_read;        // The epoch: never yet.
};
using GatewayLooks = std::map<std::string, GatewayLook>;  // By the gateway's address.

// What the worker shows to HTTP threads. Immutable once published.
struct HealingSnapshot {
  std::vector<std::shared_ptr<const Incident>> open;    // By target.
  std::vector<std::shared_ptr<const Incident>> closed;  // Newest first, kMaxClosedShown at most.
  std::vector<FrozenRecord> frozen;
  std::optional<Pause> paused;
  std::vector<Orphan> orphans;
  GatewayLooks gateways;
  Reserves reserves;
};
inline constexpr size_t kMaxClosedShown = 200;

// What has become different of it with a step. Maps are by ledger key; null: there is none any
// more.
struct SnapshotNews {
  bool from_scratch = false;  // What was shown before is forgotten.
  std::map<std::string, std::shared_ptr<const Incident>> open;
  std::vector<std::shared_ptr<const Incident>> closed;  // In order of closing; or changed since.
  std::map<std::string, std::shared_ptr<const FrozenRecord>> frozen;
  std::map<std::string, std::shared_ptr<const Pause>> pause;  // One at most.
  std::optional<std::vector<Orphan>> orphans;                 // Nothing: as before.
  std::optional<GatewayLooks> gateways;                       // Likewise.
  Reserves reserves;
};

// Takes in news after every step, which costs as much as there are, and makes a snapshot only when
// somebody asks for one. Thread safety: any thread.
class PublishedSnapshot {
 public:
  // Made anew only where there were news since the last time.
  std::shared_ptr<const HealingSnapshot> Get() const;
  void Take(SnapshotNews news);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Incident>> open_;
  std::deque<std::shared_ptr<const Incident>> closed_;  // Newest first.
  std::map<std::string, std::shared_ptr<const FrozenRecord>> frozen_;
  std::map<std::string, std::shared_ptr<const Pause>> pause_;
  std::vector<Orphan> orphans_;
  GatewayLooks gateways_;
  Reserves reserves_;
  mutable std::shared_ptr<const HealingSnapshot> made_;  // Null: something has changed since.
};

}  // namespace promheal::healing
