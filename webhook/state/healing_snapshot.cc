#include "webhook/state/healing_snapshot.h"

#include <algorithm>
#include <utility>

namespace promheal::healing {
namespace {

template <typename T>
void Merge(std::map<std::string, std::shared_ptr<const T>>& into,
           std::map<std::string, std::shared_ptr<const T>> news) {
  for (auto& [key, record] : news) {
    if (record == nullptr) {
      into.erase(key);
    } else {
      into[key] = std::move(record);
    }
  }
}

// Reserves are compared separately, because they are always sent.
bool IsNothing(const SnapshotNews& news) {
  return !news.from_scratch && news.open.empty() && news.closed.empty() && news.frozen.empty() &&
         news.pause.empty() && !news.orphans && !news.gateways;
}

}  // namespace

std::shared_ptr<const HealingSnapshot> PublishedSnapshot::Get() const {
  const std::lock_guard lock(mutex_);
  if (made_) return made_;
  auto snapshot = std::make_shared<HealingSnapshot>();
  snapshot->open.reserve(open_.size());
  for (const auto& [key, incident] : open_) snapshot->open.push_back(incident);
  snapshot->closed.assign(closed_.begin(), closed_.end());
  for (const auto& [key, frozen] : frozen_) snapshot->frozen.push_back(*frozen);
  if (!pause_.empty()) snapshot->paused = *pause_.begin()->second;
  snapshot->orphans = orphans_;
  snapshot->gateways = gateways_;
  snapshot->reserves = reserves_;
  made_ = std::move(snapshot);
  return made_;
}

void PublishedSnapshot::Publish(SnapshotNews news) {
  const std::lock_guard lock(mutex_);
  if (IsNothing(news) && news.reserves == reserves_) return;
  made_ = nullptr;
  if (news.from_scratch) {
    open_.clear();
    closed_.clear();
    frozen_.clear();
    pause_.clear();
  }
  Merge(open_, std::move(news.open));
  Merge(frozen_, std::move(news.frozen));
  Merge(pause_, std::move(news.pause));
  for (auto& incident : news.closed) {
    const auto known = std::find_if(closed_.begin(), closed_.end(),
                                    [&](const auto& shown) { return shown->id == incident->id; });
    if (known != closed_.end()) {
      *known = std::move(incident);
    } else {
      closed_.push_front(std::move(incident));
    }
  }
  if (closed_.size() > kMaxClosedShown) closed_.resize(kMaxClosedShown);
  if (news.orphans) orphans_ = std::move(*news.orphans);
  if (news.gateways) gateways_ = std::move(*news.gateways);
  reserves_ = std::move(news.reserves);
}

}  // namespace promheal::healing
