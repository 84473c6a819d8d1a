#include "webhook/ledger/audit_trail.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "webhook/ledger/entries.h"

namespace promheal::healing {
namespace {

struct FoundPoint {
  AuditPoint point;
  Revision revision = 0;
};

Result<FoundPoint> PointAt(Ledger& ledger, std::string_view key) {
  const auto entry = ledger.Get(key);
  if (!entry) return tl::make_unexpected(entry.error());
  if (!*entry) return FoundPoint{};
  auto point = DecodeAuditPoint((*entry)->value);
  if (!point) return Prefixed(key, point.error());
  return FoundPoint{std::move(*point), (*entry)->revision};
}

// The position before the first row to verify.
Result<AuditPoint> Beginning(Ledger& ledger, const AuditPoint& anchor, const AuditPoint& head,
                             size_t last) {
  if (last == 0 || head.sequence <= anchor.sequence + last) return anchor;
  const uint64_t sequence = head.sequence - last;
  const auto entry = ledger.Get(AuditKey(sequence));
  if (!entry) return tl::make_unexpected(entry.error());
  const auto row = *entry ? DecodeAuditRow((*entry)->value) : AuditRow{};
  return AuditPoint{sequence, row ? row->hash : ""};
}

// Verifies that `entry` is the row after `point` and moves `point` to it. Returns the problem, or
// "".
std::string Advance(const LedgerEntry& entry, AuditPoint& point) {
  const std::string expected = AuditKey(point.sequence + 1);
  if (entry.key != expected) return fmt::format("{} is missing", expected);
  const auto row = DecodeAuditRow(entry.value);
  if (!row || row->sequence != point.sequence + 1 || !Follows(point.hash, entry.value)) {
    return fmt::format("{} was changed, or a row before it was", entry.key);
  }
  point = {row->sequence, row->hash};
  return "";
}

Status FollowFrom(Ledger& ledger, AuditPoint point, AuditReport& report) {
  const auto read =
      ForEachEntry(ledger, kAuditPrefix, AuditKey(point.sequence), [&](const LedgerEntry& entry) {
        report.broken = Advance(entry, point);
        if (report.broken.empty() && point.sequence == report.head.sequence &&
            point != report.head) {
          report.broken = fmt::format("{} is not the recorded head", entry.key);
        }
        if (!report.broken.empty()) return false;
        ++report.rows;
        return true;
      });
  if (!read || !report.broken.empty()) return read;
  if (point.sequence < report.head.sequence) {
    report.broken =
        fmt::format("the trail ends with {}, but its head is {}: rows at its end are missing",
                    AuditKey(point.sequence), AuditKey(report.head.sequence));
  } else {
    report.head = point;  // A running healer may append meanwhile.
  }
  return {};
}

}  // namespace

Result<AuditTrail> AuditTrail::Load(Ledger& ledger) {
  auto head = PointAt(ledger, kAuditHeadKey);
  if (!head) return tl::make_unexpected(head.error());
  AuditTrail trail;
  trail.head_ = std::move(head->point);
  trail.head_revision_ = head->revision;
  return trail;
}

void AuditTrail::AddTo(LedgerTransaction& transaction) {
  appended_ = !pending_.empty();
  if (!appended_) return;
  for (AuditRow& row : pending_) {
    row.sequence = head_.sequence + 1;
    std::string encoded = EncodeAfter(head_.hash, row);
    transaction.writes.push_back({AuditKey(row.sequence), std::move(encoded)});
    head_ = {row.sequence, row.hash};
  }
  pending_.clear();
  const std::string key(kAuditHeadKey);
  transaction.conditions.push_back({key, head_revision_});
  transaction.writes.push_back({key, Encode(head_)});
}

void AuditTrail::Committed(Revision revision) {
  if (appended_) head_revision_ = revision;
  appended_ = false;
}

Result<AuditReport> VerifyAudit(Ledger& ledger, size_t last) {
  const auto head = PointAt(ledger, kAuditHeadKey);
  if (!head) return tl::make_unexpected(head.error());
  const auto anchor = PointAt(ledger, kAuditAnchorKey);
  if (!anchor) return tl::make_unexpected(anchor.error());
  const auto beginning = Beginning(ledger, anchor->point, head->point, last);
  if (!beginning) return tl::make_unexpected(beginning.error());
  AuditReport report{.head = head->point};
  if (auto status = FollowFrom(ledger, *beginning, report); !status) {
    return tl::make_unexpected(status.error());
  }
  return report;
}

Result<size_t> PruneAudit(Ledger& ledger, Time until, size_t limit) {
  const auto head = PointAt(ledger, kAuditHeadKey);
  if (!head) return tl::make_unexpected(head.error());
  const auto anchor = PointAt(ledger, kAuditAnchorKey);
  if (!anchor) return tl::make_unexpected(anchor.error());
  const auto entries = ledger.List(kAuditPrefix, limit);
  if (!entries) return tl::make_unexpected(entries.error());
  LedgerTransaction transaction;
  AuditPoint through;
  for (const LedgerEntry& entry : *entries) {
    const auto row = DecodeAuditRow(entry.value);
    if (!row || row->time >= until || row->sequence == head->point.sequence) break;
    through = {row->sequence, row->hash};
    transaction.writes.push_back({entry.key, std::nullopt});
  }
  const size_t pruned = transaction.writes.size();
  if (pruned == 0) return size_t{0};
  const std::string key(kAuditAnchorKey);
  transaction.conditions.push_back({key, anchor->revision});
  // The anchor must be written before the rows are deleted: SQLite's triggers require it.
  transaction.writes.insert(transaction.writes.begin(), {key, Encode(through)});
  const auto committed = ledger.Commit(transaction);
  if (!committed) return tl::make_unexpected(committed.error());
  return pruned;
}

}  // namespace promheal::healing
