#pragma once

#include <functional>
#include <map>
#include <string>

#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// The storage of a MemoryLedger. It outlives the ledger and the healer, as a file would.
struct LedgerFile {
  std::map<std::string, LedgerEntry, std::less<>> entries;
  Revision head = 0;
  int commits = 0;
};

// A ledger in memory, for simulations and tests. It passes the same contract test as SQLite.
class MemoryLedger final : public Ledger {
 public:
  explicit MemoryLedger(LedgerFile& file) : file_(file) {}

  // Called before each commit. An error makes the commit fail; an exception simulates a crash.
  std::function<Status()> before_commit = [] { return Status(); };
  std::function<void()> after_commit = [] {};

  Result<Revision> Commit(const LedgerTransaction& transaction) override;
  Result<std::optional<LedgerEntry>> Get(std::string_view key) override;
  Result<std::vector<LedgerEntry>> List(std::string_view prefix, size_t limit,
                                        bool descending) override;
  Result<std::vector<LedgerEntry>> ListAfter(std::string_view prefix, std::string_view after,
                                             size_t limit) override;

 private:
  LedgerFile& file_;
};

}  // namespace promheal::healing
