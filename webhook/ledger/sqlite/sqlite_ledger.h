#pragma once

#include <functional>
#include <memory>
#include <string>

#include "webhook/ledger/ledger_kind.h"

namespace promheal::healing {

// A ledger in one SQLite file beside the program: write-ahead log, synchronous=FULL, so that what
// Commit returned has reached the disk. Only the program's user can read it (mode 0600). One
// process owns the file; a second one is refused (kFailedPrecondition), while `sqlite3` may still
// read it:
//   sqlite3 ledger.db "SELECT key, json_extract(value,'$.outcome') FROM entries"
class SqliteLedger final : public StoredLedger {
 public:
  // Creates the ledger, whole or not at all, where there is none, and brings one of an older schema
  // to the newest. A file that is damaged or no ledger is kDataLoss, one of a later schema
  // kFailedPrecondition, and both are left as they are; the message says what to do.
  static Result<std::unique_ptr<SqliteLedger>> Open(const std::string& path);

  // Without the lock, also while a healer runs: every Commit is refused. kNotFound where there is
  // none. Looks at nothing but the schema's version: see Check.
  static Result<std::unique_ptr<SqliteLedger>> OpenToRead(const std::string& path);

  // Brings the ledger's schema to `version`, up or down, and says which it had before. No healer
  // may run meanwhile.
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

// What to do about a damaged ledger, for people: nothing has been changed.
std::string DamagedLedgerAdvice(const std::string& path);

}  // namespace promheal::healing
