#include "webhook/cli/ledger_commands.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string>
#include <vector>

#include "common/io/program.h"
#include "webhook/ledger/audit_trail.h"
#include "webhook/ledger/check.h"
#include "webhook/ledger/records.h"
#include "webhook/ledger/sqlite/schema.h"
#include "webhook/ledger/sqlite/sqlite_ledger.h"

namespace promheal::healing {
namespace {

constexpr char kLedgerFile[] = "/ledger.db";
constexpr size_t kPortion = 500;

int Complain(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return 1;
}

struct LedgerFlags {
  std::string storage_path;
  std::string version;

  std::string file() const { return storage_path + kLedgerFile; }
};

Result<ParsedFlags> ParseLedgerFlags(const char* name, const char* summary, bool migrates,
                                     LedgerFlags& flags, int argc, const char* const* argv) {
  std::vector<ExtraFlag> extra = {{.name = "storage.path",
                                   .help = "Directory of the ledger.",
                                   .default_value = "data",
                                   .value = &flags.storage_path,
                                   .placeholder = "PATH"}};
  if (migrates) {
    extra.push_back({.name = "to",
                     .help = "The schema's version, as an earlier healing_webhook reads it.",
                     .default_value = std::to_string(kNewestSchema),
                     .value = &flags.version,
                     .placeholder = "VERSION"});
  }
  return ParseFlags({.name = name,
                     .summary = summary,
                     .default_config_file = "",
                     .default_listen_address = "",
                     .has_configuration = false,
                     .serves_http = false},
                    extra, argc, argv);
}

std::string Counts(const LedgerReport& report) {
  std::string text;
  for (const auto& [kind, count] : report.records) text += fmt::format(", {} {}", count, kind);
  return text;
}

int Check(int argc, const char* const* argv) {
  LedgerFlags flags;
  const auto parsed =
      ParseLedgerFlags("healing_webhook ledger check",
                       "Looks through the whole ledger for damage, also while a healer runs", false,
                       flags, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const auto ledger = SqliteLedger::OpenToRead(flags.file());
  if (!ledger) return Complain(ledger.error());
  const Status file = (*ledger)->Check();
  if (!file) Complain(file.error());
  const Result<LedgerReport> report = CheckRecords(**ledger);
  if (!report) return Complain(report.error());
  for (const std::string& damage : report->damages) fmt::print(stderr, "{}\n", damage);
  const Result<AuditReport> audit = VerifyAudit(**ledger);
  if (!audit) return Complain(audit.error());
  if (!audit->broken.empty()) fmt::print(stderr, "audit trail: {}\n", audit->broken);
  const std::string found =
      fmt::format("{}: schema {}{}, {} audit rows whose chain ends with row {}, sha256 {}",
                  flags.file(), (*ledger)->schema_version().value_or(0), Counts(*report),
                  audit->rows, audit->head.sequence, audit->head.hash);
  if (!file || report->damaged > 0 || !audit->broken.empty()) {
    fmt::print(stderr, "{}: DAMAGED: {} records{}; {}\n", found, report->damaged,
               audit->broken.empty() ? "" : " and the audit trail",
               DamagedLedgerAdvice(flags.file()));
    return 1;
  }
  fmt::print("{}: OK\n", found);
  return 0;
}

int Migrate(int argc, const char* const* argv) {
  LedgerFlags flags;
  const auto parsed = ParseLedgerFlags("healing_webhook ledger migrate",
                                       "Brings the ledger to another schema, up or down; the "
                                       "healer must not run",
                                       true, flags, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  int version = 0;
  const char* end = flags.version.data() + flags.version.size();
  if (std::from_chars(flags.version.data(), end, version).ptr != end) {
    return Complain(
        {ErrorCode::kInvalidArgument, fmt::format("--to: '{}' is not a version: expected 1 to {}",
                                                  flags.version, kNewestSchema)});
  }
  const Result<int> before = SqliteLedger::Migrate(flags.file(), version);
  if (!before) return Complain(before.error());
  fmt::print("{}: schema {} -> {}\n", flags.file(), *before, version);
  return 0;
}

int Export(int argc, const char* const* argv) {
  LedgerFlags flags;
  const auto parsed = ParseLedgerFlags(
      "healing_webhook ledger export",
      "Prints every record as a line of JSON, also while a healer runs", false, flags, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const auto ledger = SqliteLedger::OpenToRead(flags.file());
  if (!ledger) return Complain(ledger.error());
  std::string last;
  while (true) {
    const auto entries = (*ledger)->ListAfter("", last, kPortion);
    if (!entries) return Complain(entries.error());
    if (entries->empty()) return 0;
    for (const LedgerEntry& entry : *entries) fmt::print("{}\n", EncodeEntry(entry));
    last = entries->back().key;
  }
}

}  // namespace

int RunLedger(int argc, const char* const* argv) {
  const std::string_view what = argc < 2 ? "" : argv[1];
  if (what == "check") return Check(argc - 1, argv + 1);
  if (what == "migrate") return Migrate(argc - 1, argv + 1);
  if (what == "export") return Export(argc - 1, argv + 1);
  const bool asks = what == "--help" || what == "-h";
  fmt::print(asks ? stdout : stderr,
             "healing_webhook ledger check|migrate|export: say --help after one of them\n");
  return asks ? 0 : 1;
}

}  // namespace promheal::healing
