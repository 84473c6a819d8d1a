#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/ledger/audit.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// The end of the audit trail, where rows are appended in the transaction of what they tell about. A
// transaction with rows fails with kFailedPrecondition where somebody else has appended meanwhile.
// When a commit fails, the trail is thrown away and loaded again.
class AuditTrail {
 public:
  static Result<AuditTrail> Load(Ledger& ledger);

  // Gives the row its place; the sequence in it does not count.
  void Add(AuditRow row) { pending_.push_back(std::move(row)); }
  void AddTo(LedgerTransaction& transaction);
  void Committed(Revision revision);

  const AuditPoint& head() const { return head_; }

 private:
  AuditPoint head_;
  Revision head_revision_ = 0;  // 0: there is no row yet.
  std::vector<AuditRow> pending_;
  bool appended_ = false;  // By the transaction under way.
};

// What a look at the trail found.
struct AuditReport {
  size_t rows = 0;
  AuditPoint head;
  std::string broken;  // "audit/0000000000000042 was changed, or ..."; "": nothing is.
};

// Follows the chain: the whole of it for `last` 0, else its last rows. Stops at the first row that
// is broken. An error: the ledger could not be read.
Result<AuditReport> VerifyAudit(Ledger& ledger, size_t last = 0);

// Deletes rows from before `until`, the oldest `limit` of them at most, and notes where the trail
// begins from then on; how many there were. The last row always stays.
Result<size_t> PruneAudit(Ledger& ledger, Time until, size_t limit);

}  // namespace promheal::healing
