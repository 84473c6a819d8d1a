#pragma once

#include <memory>
#include <string>

#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// A ledger in one SQLite file beside the program: write-ahead log, synchronous=FULL, so that what
// Commit returned has reached the disk. One process owns the file; a second one is refused
// (kFailedPrecondition), while `sqlite3` may still read it:
//   sqlite3 ledger.db "SELECT key, json_extract(value,'$.outcome') FROM entries"
class SqliteLedger final : public Ledger {
 public:
  // Creates the file where there is none. A file that is damaged, not a ledger, or of a later
  // version is kDataLoss and is left as it is.
  static Result<std::unique_ptr<SqliteLedger>> Open(const std::string& path);
  ~SqliteLedger() override;

  Result<Revision> Commit(const LedgerTransaction& transaction) override;
  Result<std::optional<LedgerEntry>> Get(std::string_view key) override;
  Result<std::vector<LedgerEntry>> List(std::string_view prefix, size_t limit,
                                        bool descending) override;

 private:
  struct Impl;
  explicit SqliteLedger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promheal::healing
