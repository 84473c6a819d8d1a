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
  Revision revision = 0;  // The last transaction that wrote the entry.
};

// A condition of a transaction: the entry still has this revision; 0: it does not exist.
struct LedgerCondition {
  std::string key;
  Revision revision = 0;
};

struct LedgerWrite {
  std::string key;
  std::optional<std::string> value;  // nullopt deletes the entry.
};

// Takes effect as a whole or not at all. Writes each key at most once.
struct LedgerTransaction {
  std::vector<LedgerCondition> conditions;
  std::vector<LedgerWrite> writes;
};

// Keeps everything that must survive a crash: intents and outcomes (within their incident), alerts,
// cooldowns, frozen targets. Keys are ordered; transactions compare and set revisions. records.h
// defines keys and values. Errors:
//   kFailedPrecondition  a condition does not hold, because another writer came first: read again
//   kUnavailable         the ledger cannot be written now (full disk, locked)
//   kDataLoss            the ledger is damaged
// Thread safety: one owner; one thread uses a ledger at a time.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // The transaction is durable when this returns its revision.
  virtual Result<Revision> Commit(const LedgerTransaction& transaction) = 0;

  virtual Result<std::optional<LedgerEntry>> Get(std::string_view key) = 0;

  // Entries whose key starts with `prefix`, by key; `limit` 0 means all.
  virtual Result<std::vector<LedgerEntry>> List(std::string_view prefix, size_t limit = 0,
                                                bool descending = false) = 0;

  // The same, beginning with the first key after `after`: for reading in portions.
  virtual Result<std::vector<LedgerEntry>> ListAfter(std::string_view prefix,
                                                     std::string_view after, size_t limit) = 0;
};

}  // namespace promheal::healing
