#pragma once

#include <functional>
#include <memory>
#include <string>

#include "webhook/ledger/ledger_kind.h"

namespace promheal::healing {

// A ledger in one SQLite file. With a write-ahead log and synchronous=FULL, a commit has reached
// the disk when Commit returns. Only the program's user can read the file (mode 0600). One process
// owns it; a second one is refused (kFailedPrecondition), but `sqlite3` can read it meanwhile:
//   sqlite3 ledger.db "SELECT key, json_extract(value,'$.outcome') FROM entries"
class SqliteLedger final : public StoredLedger {
 public:
  // Creates the ledger if there is none, whole or not at all, and migrates an older schema to the
  // newest. kDataLoss if the file is damaged or not a ledger, kFailedPrecondition if its schema is
  // newer; both files are left unchanged, and the message says what to do.
  static Result<std::unique_ptr<SqliteLedger>> Open(const std::string& path);

  // Opens without the lock, also while a healer runs; refuses every Commit. kNotFound if there is
  // none. Checks only the schema's version; see Check.
  static Result<std::unique_ptr<SqliteLedger>> OpenToRead(const std::string& path);

  // Migrates the schema to `version`, up or down, and returns the version before. No healer may run
  // meanwhile.
  static Result<int> Migrate(const std::string& path, int version);

  ~SqliteLedger() override;

  // Reads a damaged file forwards up to the damage, then backwards from the end.
  Status ForEachReadable(const std::function<void(const LedgerEntry&)>& visit) override;
  Status Check() override;
  Result<int> schema_version() const override;

  Result<Revision> Commit(const LedgerTransaction& transaction) override;
  Result<std::optional<LedgerEntry>> Get(std::string_view key) override;
  Result<std::vector<LedgerEntry>> List(std::string_view prefix, size_t limit,
                                        bool descending) override;
  Result<std::vector<LedgerEntry>> ListAfter(std::string_view prefix, std::string_view after,
                                             size_t limit) override;

 private:
  struct Impl;
  explicit SqliteLedger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Advice for people about a damaged ledger.
std::string DamagedLedgerAdvice(const std::string& path);

}  // namespace promheal::healing
