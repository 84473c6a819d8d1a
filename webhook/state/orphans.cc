#include "webhook/state/orphans.h"

#include <algorithm>
#include <set>

namespace promheal::healing {
namespace {

constexpr int kReadings = 2;

bool IsOnRecord(const OverrideChange& found, const Orphans::Holding& holding) {
  const auto is_it = [&](const OverrideChange& ours) {
    return IsSamePlace(ours, found) &&
           (ours.after == found.after ||
            std::find(ours.earlier.begin(), ours.earlier.end(), found.after) != ours.earlier.end());
  };
  return std::any_of(holding.begin(), holding.end(), [&](const auto& item) {
    const std::vector<HeldOverride>& overrides = item.second->overrides;
    return std::any_of(overrides.begin(), overrides.end(), [&](const HeldOverride& override) {
      return std::any_of(override.held.changes.begin(), override.held.changes.end(), is_it);
    });
  });
}

}  // namespace

std::vector<Orphan> Orphans::Update(const OverridesRead& read, const Holding& holding) {
  std::map<Orphan, int>& seen = seen_[read.action];
  std::map<Orphan, int> now;
  std::vector<Orphan> fresh;
  for (const Override& override : read.state.overrides) {
    for (const OverrideChange& change : override.changes) {
      if (IsOnRecord(change, holding)) continue;
      const Orphan orphan{override.target, change.keeper, change.subject, change.after};
      now[orphan] = std::min(seen[orphan] + 1, kReadings + 1);
      if (now[orphan] == kReadings) fresh.push_back(orphan);
    }
  }
  // A keeper that could not be read changes nothing.
  for (const KeeperReading& keeper : read.state.keepers) {
    if (!keeper.error) continue;
    for (const auto& [orphan, count] : seen) {
      if (orphan.keeper == keeper.keeper && count > 0) now[orphan] = count;
    }
  }
  seen = std::move(now);
  return fresh;
}

std::vector<Orphan> Orphans::all() const {
  std::set<Orphan> orphans;
  for (const auto& [action, seen] : seen_) {
    for (const auto& [orphan, count] : seen) {
      if (count >= kReadings) orphans.insert(orphan);
    }
  }
  return {orphans.begin(), orphans.end()};
}

}  // namespace promheal::healing
