#include "webhook/cli/audit_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "common/base/duration.h"
#include "common/base/text_table.h"
#include "common/base/time_argument.h"
#include "common/io/clock.h"
#include "common/io/program.h"
#include "webhook/ledger/audit_trail.h"
#include "webhook/ledger/entries.h"
#include "webhook/ledger/storage_path.h"
#include "webhook/plugins/ledger_table.h"

namespace promheal::healing {
namespace {

struct AuditFlags {
  std::string storage_path;
  std::string incident;
  std::string since;
  bool json = false;
};

std::vector<ExtraFlag> FlagsInto(AuditFlags& flags) {
  return {StoragePathFlag(flags.storage_path),
          {.name = "incident",
           .help = "Only rows about this incident.",
           .value = &flags.incident,
           .placeholder = "ID"},
          {.name = "since",
           .help = "Only rows since then: 2026-11-21T21:00:00Z, or 1h for the last hour.",
           .value = &flags.since,
           .placeholder = "TIME"},
          {.name = "json",
           .help = "Print the rows as the ledger stores them, one on each line.",
           .given = &flags.json}};
}

// The epoch if `text` is empty.
Result<Time> SinceOf(const std::string& text) {
  if (text.empty()) return Time();
  const Time now = SystemClock().Now();
  if (const auto ago = ParseDuration(text)) return now - *ago;
  const auto time = ParseTimeArgument(text, now);
  if (!time) return Prefixed("--since", time.error());
  return time;
}

bool IsWanted(const AuditRow& row, const AuditFlags& flags, Time since) {
  return row.time >= since && (flags.incident.empty() || row.incident == flags.incident);
}

std::string Table(const std::vector<AuditRow>& rows) {
  if (rows.empty()) return "No rows.\n";
  std::vector<std::vector<std::string>> table = {
      {"ROW", "TIME (UTC)", "WHAT", "TARGET", "BY", "WHO", "IN WORDS"}};
  for (const AuditRow& row : rows) {
    table.push_back({std::to_string(row.sequence), ClockText(row.time),
                     std::string(ToString(row.what)), Printable(row.target),
                     std::string(ToString(row.by)), Printable(row.who), Printable(row.text)});
  }
  return TextTable(table);
}

Status Print(Ledger& ledger, const AuditFlags& flags, Time since) {
  std::vector<AuditRow> rows;
  Status readable;
  const Status read = ForEachEntry(ledger, kAuditPrefix, "", [&](const LedgerEntry& entry) {
    Result<AuditRow> row = DecodeAuditRow(entry.value);
    if (!row) {
      readable = Prefixed(entry.key, row.error());
      return false;
    }
    if (!IsWanted(*row, flags, since)) return true;
    if (flags.json) fmt::print("{}\n", entry.value);
    if (!flags.json) rows.push_back(std::move(*row));
    return true;
  });
  if (!read || !readable) return read ? readable : read;
  if (!flags.json) fmt::print("{}", Table(rows));
  return {};
}

Status PrintAndFollow(const AuditFlags& flags) {
  const auto since = SinceOf(flags.since);
  if (!since) return tl::make_unexpected(since.error());
  const auto ledger = LedgerKindOf(flags.storage_path).open_to_read(flags.storage_path);
  if (!ledger) return tl::make_unexpected(ledger.error());
  if (auto status = Print(**ledger, flags, *since); !status) return status;
  const auto report = VerifyAudit(**ledger);
  if (!report) return tl::make_unexpected(report.error());
  if (report->broken.empty()) return {};
  return Fail(ErrorCode::kDataLoss, "the audit trail is broken: " + report->broken);
}

}  // namespace

int RunAudit(int argc, const char* const* argv) {
  AuditFlags flags;
  const auto parsed = ParseFlags({.name = "healing_webhook audit",
                                  .summary = "Who or what changed what, and when",
                                  .default_config_file = "",
                                  .default_listen_address = "",
                                  .has_configuration = false,
                                  .serves_http = false},
                                 FlagsInto(flags), argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const Status done = PrintAndFollow(flags);
  return done ? 0 : Complain(done.error());
}

}  // namespace promheal::healing
