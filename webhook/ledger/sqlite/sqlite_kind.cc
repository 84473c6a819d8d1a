#include "webhook/ledger/sqlite/sqlite_kind.h"

#include <fmt/core.h>

#include <filesystem>
#include <system_error>

#include "webhook/ledger/sqlite/schema.h"
#include "webhook/ledger/sqlite/sqlite_ledger.h"

namespace promheal::healing {
namespace {

std::string FileIn(const std::string& directory) { return directory + "/ledger.db"; }

// The ledger holds labels, annotations and output of commands: only the program's user may read it.
Status CreateDirectory(const std::string& directory) {
  std::error_code error;
  const bool created = std::filesystem::create_directories(directory, error);
  if (created) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  if (!error) return {};
  return Fail(ErrorCode::kUnavailable, fmt::format("creating {}: {}", directory, error.message()));
}

Result<std::unique_ptr<StoredLedger>> Open(const std::string& directory) {
  if (auto status = CreateDirectory(directory); !status) {
    return tl::make_unexpected(status.error());
  }
  return SqliteLedger::Open(FileIn(directory));
}

Result<std::unique_ptr<StoredLedger>> OpenToRead(const std::string& directory) {
  return SqliteLedger::OpenToRead(FileIn(directory));
}

Result<int> Migrate(const std::string& directory, int version) {
  return SqliteLedger::Migrate(FileIn(directory), version);
}

std::string Advice(const std::string& directory) { return DamagedLedgerAdvice(FileIn(directory)); }

}  // namespace

const LedgerKind kSqliteLedgers = {.name = "sqlite",
                                   .prefix = "",
                                   .newest_schema = kNewestSchema,
                                   .open = Open,
                                   .open_to_read = OpenToRead,
                                   .migrate = Migrate,
                                   .location = FileIn,
                                   .advice_if_damaged = Advice};

}  // namespace promheal::healing
