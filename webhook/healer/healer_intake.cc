// How the healer ingests deliveries, answers and readings.
#include <fmt/core.h>

#include <utility>

#include "webhook/healer/audit_rows.h"
#include "webhook/healer/healer.h"

namespace promheal::healing {
namespace {

// A repeat of an alert is written only this often.
constexpr Duration kHeartbeatResolution = std::chrono::minutes(1);

std::string LedgerKey(const std::string& alert_key) {
  return fmt::format("{}{}", kAlertPrefix, alert_key);
}

bool IsWorthWriting(const AlertRecord* before, const AlertRecord& after, AlertChange change) {
  return before == nullptr || change != AlertChange::kRepeat ||
         before->starts_at != after.starts_at ||
         after.last_seen - before->last_seen >= kHeartbeatResolution;
}

}  // namespace

void Healer::Ingest(const HealerInput& input, Time now) {
  for (const CallAnswer& answer : input.answers) IngestAnswer(answer, now);
  Joining joining;
  for (const Delivery& delivery : input.deliveries) {
    for (const AlertNotice& notice : delivery.alerts) {
      if (!IsWatchdog(*configs_.current(), notice.labels)) {
        IngestNotice(notice, delivery.sender, joining, now);
      } else if (notice.status == AlertStatus::kFiring) {
        consequences_.heard_watchdog = true;
      }
    }
  }
  if (input.reading) IngestReading(*input.reading, joining, now);
  for (auto& [key, alert_keys] : joining) AdvanceOne(key, AlertsJoined{std::move(alert_keys)}, now);
}

void Healer::IngestReading(const AlertmanagerReading& reading, Joining& joining, Time now) {
  const auto find = [this](const AlertNotice& notice) {
    return image_->alerts.Find(LedgerKey(AlertKey(notice.source, notice.fingerprint)));
  };
  for (const AlertNotice& notice : alertmanager_.Compare(reading, find)) {
    if (IsWatchdog(*configs_.current(), notice.labels)) continue;
    IngestNotice(notice, "asking Alertmanager", joining, now);
  }
  if (alertmanager_.silences_changed()) WakeAll(now);
}

void Healer::IngestAnswer(const CallAnswer& answer, Time now) {
  if (answer.read) {
    looking_.erase(answer.read->action);
    for (const Orphan& orphan : orphans_.Update(*answer.read, open_.holding())) {
      listener_.FoundOrphan(orphan);
    }
    shown_news_.orphans = orphans_.all();
    for (const KeeperReading& keeper : answer.read->state.keepers) {
      GatewayLook& look = gateways_[keeper.keeper];
      look.answers = !keeper.error;
      if (look.answers) look.last_read = now;
    }
    shown_news_.gateways = gateways_;
  }
  const Incident* incident = image_->open.Find(answer.incident_key);
  if (incident != nullptr && incident->id == answer.incident_id) {
    AdvanceOne(answer.incident_key, answer.stimulus, now);
  }
}

void Healer::IngestNotice(const AlertNotice& notice, const std::string& sender, Joining& joining,
                          Time now) {
  const std::string alert_key = AlertKey(notice.source, notice.fingerprint);
  const std::string ledger_key = LedgerKey(alert_key);
  const AlertRecord* before = image_->alerts.Find(ledger_key);
  AlertRecord alert = before != nullptr ? *before : AlertRecord{};
  const AlertChange change = Merge(alert, notice, now, configs_.current()->reorder_tolerance);
  consequences_.accepted.emplace_back(notice, change);
  if (IsWorthWriting(before, alert, change)) image_->alerts.Put(ledger_key, alert);
  const std::string key = IncidentKeyOf(alert);
  const bool fires = notice.status == AlertStatus::kFiring && IsFiring(alert);
  if (fires && !open_.Contains(key)) {
    Open(key, alert, sender, now);
  } else if (fires && change != AlertChange::kRepeat) {
    joining[key].push_back(alert_key);
  } else if (change == AlertChange::kResolved) {
    WakeIncidentOf(alert, now);
  }
}

void Healer::Open(const std::string& key, const AlertRecord& alert, const std::string& sender,
                  Time now) {
  Incident incident = OpenIncident(TargetOf(alert), alert, now);
  spending_.Opened(configs_.current()->policies.budgets, now);
  Advanced opened;
  opened.changed = true;
  opened.wake_at = now;
  opened.news = incident.timeline;
  const std::string alert_key = AlertKey(alert.source, alert.fingerprint);
  Audit({OpenedRow(incident, alert_key, sender)});
  Record(key, std::move(incident), std::move(opened));
}

}  // namespace promheal::healing
