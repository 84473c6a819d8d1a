#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace promheal::healing {

// Counts transactions. 0 stands for "does not exist".
using Revision = uint64_t;

struct LedgerEntry {
  std::string key;
  std::string value;
  Revision revision = 0;  // Of the transaction that last wrote it.
};

// The entry's revision must still be this one; 0: the entry must not exist.
struct LedgerCondition {
  std::string key;
  Revision revision = 0;
};

struct LedgerWrite {
  std::string key;
  std::optional<std::string> value;  // Nothing deletes.
};

// All or nothing. Each key is written once at most.
struct LedgerTransaction {
  std::vector<LedgerCondition> conditions;
  std::vector<LedgerWrite> writes;
};

// What must survive a crash: intents and outcomes (within their incident), alerts, cooldowns,
// frozen targets. Ordered keys, revisions, and transactions with compare-and-set: what SQLite does
// for one replica and etcd for several. Keys and values are those of records.h. Errors:
// kFailedPrecondition where a condition does not hold (somebody else wrote: read again),
// kUnavailable where it cannot be written now (full disk, locked), kDataLoss where it is damaged.
// Thread safety: one owner; a ledger is used by one thread at a time.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // Durable when it returns. The revision of the transaction.
  virtual Result<Revision> Commit(const LedgerTransaction& transaction) = 0;

  virtual Result<std::optional<LedgerEntry>> Get(std::string_view key) = 0;

  // Entries whose key starts with `prefix`, by key; `limit` 0 means all.
  virtual Result<std::vector<LedgerEntry>> List(std::string_view prefix, size_t limit = 0,
                                                bool descending = false) = 0;

  // The same, from the first key after `after` on: for what is read in portions.
  virtual Result<std::vector<LedgerEntry>> ListAfter(std::string_view prefix,
                                                     std::string_view after, size_t limit) = 0;
};

}  // namespace promheal::healing
