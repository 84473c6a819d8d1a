#include "webhook/state/ledger_image.h"

#include <fmt/core.h>

#include <set>

namespace promheal::healing {
namespace {

template <typename T, typename Decode>
Status LoadTable(Ledger& ledger, std::string_view prefix, Decode decode, RecordTable<T>& table) {
  const auto entries = ledger.List(prefix);
  if (!entries) return tl::make_unexpected(entries.error());
  for (const LedgerEntry& entry : *entries) {
    Result<T> record = decode(entry.value);
    if (!record) return Prefixed(entry.key, record.error());
    table.Load(entry, std::move(*record));
  }
  return {};
}

}  // namespace

Result<LedgerImage> LedgerImage::Load(Ledger& ledger) {
  LedgerImage image;
  const Status loaded =
      LoadTable(ledger, kAlertPrefix, DecodeAlert, image.alerts)
          .and_then(
              [&] { return LoadTable(ledger, kOpenIncidentPrefix, DecodeIncident, image.open); })
          .and_then(
              [&] { return LoadTable(ledger, kCooldownPrefix, DecodeCooldown, image.cooldowns); })
          .and_then([&] { return LoadTable(ledger, kFrozenPrefix, DecodeFrozen, image.frozen); })
          .and_then([&] { return LoadTable(ledger, kPausePrefix, DecodePause, image.pause); });
  if (!loaded) return Prefixed("reading the ledger", loaded.error());
  auto audit = AuditTrail::Load(ledger);
  if (!audit) return Prefixed("reading the ledger", audit.error());
  image.audit = std::move(*audit);
  return image;
}

Status LedgerImage::Commit(Ledger& ledger) {
  LedgerTransaction transaction;
  alerts.AddChangesTo(transaction);
  open.AddChangesTo(transaction);
  closed.AddChangesTo(transaction);
  cooldowns.AddChangesTo(transaction);
  frozen.AddChangesTo(transaction);
  audit.AddTo(transaction);
  pause.AddChangesTo(transaction);
  Revision revision = 0;
  if (!transaction.writes.empty()) {
    const Result<Revision> committed = ledger.Commit(transaction);
    if (!committed) return Prefixed("writing the ledger", committed.error());
    revision = *committed;
  }
  alerts.Committed(revision);
  open.Committed(revision);
  cooldowns.Committed(revision);
  frozen.Committed(revision);
  audit.Committed(revision);
  pause.Committed(revision);
  closed = {};
  return {};
}

std::vector<const AlertRecord*> LedgerImage::AlertsOf(
    const Incident& incident, const std::vector<std::string>& joining) const {
  std::set<std::string_view> keys(incident.alert_keys.begin(), incident.alert_keys.end());
  keys.insert(joining.begin(), joining.end());
  std::vector<const AlertRecord*> found;
  for (const std::string_view key : keys) {
    const AlertRecord* alert = alerts.Find(fmt::format("{}{}", kAlertPrefix, key));
    if (alert != nullptr) found.push_back(alert);
  }
  return found;
}

void LedgerImage::NoteFreeze(const FrozenRecord& freeze, LedgerView& view) {
  view.frozen_until = freeze.until;
  view.frozen_by = freeze.by;
  view.frozen_why = freeze.by.empty() ? "" : freeze.reason;
}

void LedgerImage::NoteFreezeOfWhole(const Labels& whole, LedgerView& view) const {
  const FrozenRecord* freeze = frozen.Find(KeyOf(FrozenRecord{.target = whole}));
  if (freeze == nullptr || freeze->by.empty()) return;
  if (!view.frozen_until || *view.frozen_until < freeze->until) NoteFreeze(*freeze, view);
}

Result<std::vector<Incident>> LoadClosed(Ledger& ledger, size_t limit) {
  const auto entries = ledger.List(kClosedIncidentPrefix, limit, true);
  if (!entries) return tl::make_unexpected(entries.error());
  std::vector<Incident> incidents;
  for (const LedgerEntry& entry : *entries) {
    Result<Incident> incident = DecodeIncident(entry.value);
    if (!incident) return Prefixed(entry.key, incident.error());
    incidents.push_back(std::move(*incident));
  }
  return incidents;
}

Result<size_t> PruneClosed(Ledger& ledger, Time until, size_t limit) {
  const auto entries = ledger.List(kClosedIncidentPrefix, limit);
  if (!entries) return tl::make_unexpected(entries.error());
  const std::string end = fmt::format("{}{}", kClosedIncidentPrefix, FormatRfc3339(until));
  LedgerTransaction transaction;
  for (const LedgerEntry& entry : *entries) {
    if (entry.key < end) transaction.writes.push_back({entry.key, std::nullopt});
  }
  if (transaction.writes.empty()) return size_t{0};
  const auto committed = ledger.Commit(transaction);
  if (!committed) return tl::make_unexpected(committed.error());
  return transaction.writes.size();
}

}  // namespace promheal::healing
