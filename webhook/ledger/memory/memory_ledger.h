#pragma once

#include <functional>
#include <map>
#include <string>

#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// A ledger that lives in a map outside of it, as a file would, so that it survives the healer: for
// simulations and tests. The contract test runs on it and on SQLite alike.
struct LedgerFile {
  std::map<std::string, LedgerEntry, std::less<>> entries;
  Revision head = 0;
  int commits = 0;
};

class MemoryLedger final : public Ledger {
 public:
  explicit MemoryLedger(LedgerFile& file) : file_(file) {}

  // Called before each commit; an error makes it fail, an exception is a crash.
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
