#include "webhook/ledger/check.h"

#include <fmt/core.h>

#include <string_view>

#include "webhook/ledger/entries.h"
#include "webhook/ledger/records.h"

namespace promheal::healing {
namespace {

constexpr size_t kDamagesTold = 20;

struct RecordKind {
  std::string_view prefix;
  Status (*check)(std::string_view value);
};

template <auto kDecode>
Status Decodes(std::string_view value) {
  const auto record = kDecode(value);
  if (!record) return tl::make_unexpected(record.error());
  return {};
}

constexpr RecordKind kKinds[] = {{kAlertPrefix, Decodes<DecodeAlert>},
                                 {kOpenIncidentPrefix, Decodes<DecodeIncident>},
                                 {kClosedIncidentPrefix, Decodes<DecodeIncident>},
                                 {kCooldownPrefix, Decodes<DecodeCooldown>},
                                 {kFrozenPrefix, Decodes<DecodeFrozen>},
                                 {kPausePrefix, Decodes<DecodePause>}};

void Note(LedgerReport& report, std::string damage) {
  ++report.damaged;
  if (report.damages.size() < kDamagesTold) report.damages.push_back(std::move(damage));
}

Status CheckKind(Ledger& ledger, const RecordKind& kind, LedgerReport& report) {
  size_t& count = report.records[std::string(kind.prefix.substr(0, kind.prefix.size() - 1))];
  return ForEachEntry(ledger, kind.prefix, "", [&](const LedgerEntry& entry) {
    const Status status = kind.check(entry.value);
    if (!status) Note(report, fmt::format("{}: {}", entry.key, status.error().message));
    ++count;
    return true;
  });
}

}  // namespace

Result<LedgerReport> CheckRecords(Ledger& ledger) {
  LedgerReport report;
  for (const RecordKind& kind : kKinds) {
    if (auto status = CheckKind(ledger, kind, report); !status) {
      return tl::make_unexpected(status.error());
    }
  }
  return report;
}

Status VerdictOf(const LedgerReport& report) {
  if (report.damaged == 0) return {};
  const std::string more =
      report.damaged == 1 ? "" : fmt::format(" (and {} more)", report.damaged - 1);
  return Fail(ErrorCode::kDataLoss, "a record is damaged: " + report.damages.front() + more);
}

}  // namespace promheal::healing
