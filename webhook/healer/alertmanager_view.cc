#include "webhook/healer/alertmanager_view.h"

#include <algorithm>
#include <utility>

namespace promheal::healing {
namespace {

constexpr int kReadings = 2;

}  // namespace

void AlertmanagerView::UpdateSilences(const AlertmanagerReading& reading) {
  std::map<std::string, std::vector<std::string>> silences;
  for (const KnownAlert& alert : reading.alerts) {
    if (!alert.silenced_by.empty()) silences[alert.notice.fingerprint] = alert.silenced_by;
  }
  silences_changed_ = !has_reading_ || silences != silences_;
  silences_ = std::move(silences);
  has_reading_ = true;
}

std::vector<AlertNotice> AlertmanagerView::Compare(const AlertmanagerReading& reading,
                                                   const FindAlert& find) {
  std::vector<AlertNotice> notices;
  std::map<std::string, Seen> seen;
  for (const KnownAlert& alert : reading.alerts) {
    const AlertNotice& notice = alert.notice;
    const bool was_seen = seen_.contains(notice.fingerprint);
    seen[notice.fingerprint] = {notice, 0};
    const AlertRecord* record = find(notice);
    const bool known = record != nullptr && IsFiring(*record);
    const bool is_late = was_seen && notice.starts_at + reading.interval <= reading.asked_at;
    // Known alerts are kept alive. Unknown ones count at the second reading, unless Alertmanager
    // suppresses them.
    if (known || (alert.active && is_late)) notices.push_back(notice);
  }
  for (auto& [fingerprint, before] : seen_) {
    if (seen.contains(fingerprint)) continue;
    const AlertRecord* record = find(before.notice);
    if (record == nullptr || !IsFiring(*record)) continue;
    // A delivery after the reading is newer.
    if (record->last_seen >= reading.asked_at) continue;
    // Kept until the resolve is ingested, because the commit may fail.
    ++before.missing;
    seen[fingerprint] = before;
    if (before.missing < kReadings) continue;
    AlertNotice resolved = before.notice;
    resolved.status = AlertStatus::kResolved;
    resolved.ends_at = reading.asked_at;
    notices.push_back(std::move(resolved));
  }
  seen_ = std::move(seen);
  return notices;
}

std::vector<std::string> AlertmanagerView::SilencedBy(
    const std::vector<const AlertRecord*>& alerts) const {
  std::set<std::string> ids;
  for (const AlertRecord* alert : alerts) {
    if (!IsFiring(*alert)) continue;
    const auto silenced = silences_.find(alert->fingerprint);
    if (alert->source != kAlertmanagerSource || silenced == silences_.end()) return {};
    ids.insert(silenced->second.begin(), silenced->second.end());
  }
  return {ids.begin(), ids.end()};
}

}  // namespace promheal::healing
