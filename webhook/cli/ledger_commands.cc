#include "webhook/cli/ledger_commands.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <string>
#include <system_error>
#include <vector>

#include "common/io/program.h"
#include "webhook/ledger/audit_trail.h"
#include "webhook/ledger/check.h"
#include "webhook/ledger/records.h"
#include "webhook/ledger/storage_path.h"
#include "webhook/plugins/ledger_table.h"

namespace promheal::healing {
namespace {

struct LedgerFlags {
  std::string storage_path;
  std::string version;

  const LedgerKind& kind() const { return LedgerKindOf(storage_path); }
  std::string location() const { return kind().location(storage_path); }
};

Result<ParsedFlags> ParseLedgerFlags(const char* name, const char* summary, bool migrates,
                                     LedgerFlags& flags, int argc, const char* const* argv) {
  std::vector<ExtraFlag> extra = {StoragePathFlag(flags.storage_path)};
  if (migrates) {
    extra.push_back({.name = "to",
                     .help = "The version of the schema to migrate to, for an earlier "
                             "healing_webhook; the newest by default.",
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

// The results of `ledger check`.
struct Findings {
  std::vector<std::string> damages;  // A line for each damage.
  std::vector<std::string> damaged;  // "the file", "2 records", ...
  std::string there;                 // A summary of the readable content.
};

void LookAtRecords(Ledger& ledger, Findings& findings) {
  const Result<LedgerReport> report = CheckRecords(ledger);
  if (!report) {
    findings.damages.push_back("reading the records: " + report.error().message);
    findings.damaged.emplace_back("records that cannot be read");
    return;
  }
  for (const auto& [kind, count] : report->records) {
    findings.there += fmt::format(", {} {}", count, kind);
  }
  for (const std::string& damage : report->damages) findings.damages.push_back(damage);
  if (report->damaged > 0) {
    findings.damaged.push_back(
        fmt::format("{} record{}", report->damaged, report->damaged == 1 ? "" : "s"));
  }
}

void LookAtAudit(Ledger& ledger, Findings& findings) {
  const Result<AuditReport> audit = VerifyAudit(ledger);
  if (audit) {
    findings.there += fmt::format(", {} audit rows whose chain ends with row {}, sha256 {}",
                                  audit->rows, audit->head.sequence, audit->head.hash);
    if (audit->broken.empty()) return;
  }
  findings.damages.push_back("audit trail: " + (audit ? audit->broken : audit.error().message));
  findings.damaged.emplace_back("the audit trail");
}

Findings LookThrough(StoredLedger& ledger) {
  Findings findings{.there = fmt::format("schema {}", ledger.schema_version().value_or(0))};
  if (const Status file = ledger.Check(); !file) {
    findings.damages.push_back(file.error().message);
    findings.damaged.emplace_back("the file");
  }
  LookAtRecords(ledger, findings);
  LookAtAudit(ledger, findings);
  return findings;
}

int Check(int argc, const char* const* argv) {
  LedgerFlags flags;
  const auto parsed = ParseLedgerFlags(
      "healing_webhook ledger check",
      "Checks the whole ledger for damage, also while a healer runs", false, flags, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const auto ledger = flags.kind().open_to_read(flags.storage_path);
  if (!ledger) return Complain(ledger.error());
  const Findings found = LookThrough(**ledger);
  if (found.damaged.empty()) {
    fmt::print("{}: {}: OK\n", flags.location(), found.there);
    return 0;
  }
  for (const std::string& damage : found.damages) fmt::print(stderr, "{}\n", damage);
  fmt::print(stderr, "{}: {}: DAMAGED: {}; {}\n", flags.location(), found.there,
             fmt::join(found.damaged, ", "), flags.kind().advice_if_damaged(flags.storage_path));
  return 1;
}

Result<int> VersionOf(const LedgerFlags& flags) {
  const int newest = flags.kind().newest_schema;
  if (flags.version.empty()) return newest;
  int version = 0;
  const char* end = flags.version.data() + flags.version.size();
  const auto [parsed_to, error] = std::from_chars(flags.version.data(), end, version);
  if (error == std::errc() && parsed_to == end) return version;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("--to: '{}' is not a version: expected 1 to {}", flags.version, newest));
}

int Migrate(int argc, const char* const* argv) {
  LedgerFlags flags;
  const auto parsed = ParseLedgerFlags("healing_webhook ledger migrate",
                                       "Migrates the ledger to another schema, up or down; the "
                                       "healer must not run",
                                       true, flags, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const Result<int> version = VersionOf(flags);
  if (!version) return Complain(version.error());
  const Result<int> before = flags.kind().migrate(flags.storage_path, *version);
  if (!before) return Complain(before.error());
  fmt::print("{}: schema {} -> {}\n", flags.location(), *before, *version);
  return 0;
}

int Export(int argc, const char* const* argv) {
  LedgerFlags flags;
  const auto parsed = ParseLedgerFlags(
      "healing_webhook ledger export",
      "Prints every record as a line of JSON, also while a healer runs", false, flags, argc, argv);
  if (!parsed) return Complain(parsed.error());
  if (parsed->exit_now) return 0;
  const auto ledger = flags.kind().open_to_read(flags.storage_path);
  if (!ledger) return Complain(ledger.error());
  const Status read = (*ledger)->ForEachReadable(
      [](const LedgerEntry& entry) { fmt::print("{}\n", EncodeEntry(entry)); });
  return read ? 0 : Complain(read.error());
}

}  // namespace

int RunLedger(int argc, const char* const* argv) {
  const std::string_view what = argc < 2 ? "" : argv[1];
  if (what == "check") return Check(argc - 1, argv + 1);
  if (what == "migrate") return Migrate(argc - 1, argv + 1);
  if (what == "export") return Export(argc - 1, argv + 1);
  const bool asks = what == "--help" || what == "-h";
  fmt::print(asks ? stdout : stderr,
             "healing_webhook ledger check|migrate|export: add --help to one of them\n");
  return asks ? 0 : 1;
}

}  // namespace promheal::healing
