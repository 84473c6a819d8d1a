#include "webhook/healer/alertmanager_view.h"

#include <algorithm>
#include <utility>

namespace promheal::healing {
namespace {

constexpr int kReadings = 2;

}  // namespace

void AlertmanagerView::HearSilences(const AlertmanagerReading& reading) {
  std::map<std::string, std::vector<std::string>> silences;
  for (const KnownAlert& alert : reading.alerts) {
    if (!alert.silenced_by.empty()) silences[alert.notice.fingerprint] = alert.silenced_by;
  }
  silences_changed_ = !has_heard_ || silences != silences_;
  silences_ = std::move(silences);
  has_heard_ = true;
}

std::vector<AlertNotice> AlertmanagerView::Take(const AlertmanagerReading& reading,
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
    // What is known is only kept alive; what is kept back on purpose is left to whoever does so.
    if (known || (alert.active && is_late)) notices.push_back(notice);
  }
  for (auto& [fingerprint, before] : seen_) {
    if (seen.contains(fingerprint)) continue;
    const AlertRecord* record = find(before.notice);
    if (record == nullptr || !IsFiring(*record)) continue;
    // A delivery that came meanwhile knows better.
    if (record->last_seen >= reading.asked_at) continue;
    // Remembered until the resolve has been taken in, which a ledger may refuse.
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
