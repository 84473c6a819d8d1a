#include "webhook/cli/audit_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

#include "common/base/duration.h"
#include "common/io/clock.h"
#include "common/io/program.h"
#include "webhook/cli/text_table.h"
#include "webhook/ledger/audit_trail.h"
#include "webhook/ledger/sqlite/sqlite_ledger.h"

namespace promheal::healing {
namespace {

constexpr size_t kPortion = 500;

struct AuditFlags {
  std::string storage_path;
  std::string incident;
  std::string since;
  bool json = false;
};

int Complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return 1;
}

std::vector<ExtraFlag> FlagsInto(AuditFlags& flags) {
  return {{.name = "storage.path",
           .help = "Directory of the ledger.",
           .default_value = "data",
           .value = &flags.storage_path,
           .placeholder = "PATH"},
          {.name = "incident",
           .help = "Only what concerns this incident.",
           .value = &flags.incident,
           .placeholder = "ID"},
          {.name = "since",
           .help = "Only from then on: 2026-11-21T21:00:00Z, or 1h for the last hour.",
           .value = &flags.since,
           .placeholder = "TIME"},
          {.name = "json",
           .help = "Print the rows as they stand in the ledger, one a line.",
           .given = &flags.json}};
}

// The epoch where `text` is empty.
Result<Time> SinceOf(const std::string& text) {
  if (text.empty()) return Time();
  if (const auto ago = ParseDuration(text)) return SystemClock().Now() - *ago;
  const auto time = ParseRfc3339(text);
  if (time) return time;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("--since: '{}' is neither a time nor a duration: expected "
                          "2026-11-21T21:00:00Z or 1h",
                          text));
}

bool IsWanted(const AuditRow& row, const AuditFlags& flags, Time since) {
  return row.time >= since && (flags.incident.empty() || row.incident == flags.incident);
}

Status Print(Ledger& ledger, const AuditFlags& flags, Time since) {
  std::vector<AuditRow> rows;
  std::string last;
  while (true) {
    const auto entries = ledger.ListAfter(kAuditPrefix, last, kPortion);
    if (!entries) return tl::make_unexpected(entries.error());
    if (entries->empty()) break;
    for (const LedgerEntry& entry : *entries) {
      Result<AuditRow> row = DecodeAuditRow(entry.value);
      if (!row) return Prefixed(entry.key, row.error());
      if (!IsWanted(*row, flags, since)) continue;
      if (flags.json) fmt::print("{}\n", entry.value);
      if (!flags.json) rows.push_back(std::move(*row));
    }
    last = entries->back().key;
  }
  if (!flags.json) fmt::print("{}", AuditTable(rows));
  return {};
}

Status PrintAndFollow(const AuditFlags& flags) {
  const auto since = SinceOf(flags.since);
  if (!since) return tl::make_unexpected(since.error());
  const auto ledger = SqliteLedger::OpenToRead(flags.storage_path + "/ledger.db");
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

std::string AuditTable(const std::vector<AuditRow>& rows) {
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

}  // namespace promheal::healing
