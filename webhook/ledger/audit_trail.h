#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/ledger/audit.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// The end of the audit trail. Rows are appended in the same transaction as the change that they
// tell about; it fails with kFailedPrecondition if another writer has appended meanwhile. After a
// failed commit, drop this object and load the trail again.
class AuditTrail {
 public:
  static Result<AuditTrail> Load(Ledger& ledger);

  // Queues a row; AddTo sets its sequence.
  void Add(AuditRow row) { pending_.push_back(std::move(row)); }
  void AddTo(LedgerTransaction& transaction);
  void Committed(Revision revision);

  const AuditPoint& head() const { return head_; }

 private:
  AuditPoint head_;
  Revision head_revision_ = 0;  // 0: there is no row yet.
  std::vector<AuditRow> pending_;
  bool appended_ = false;  // The pending transaction appends rows.
};

// The result of VerifyAudit.
struct AuditReport {
  size_t rows = 0;
  AuditPoint head;
  std::string broken;  // "audit/0000000000000042 was changed, or ..."; "" if whole.
};

// Follows the chain of hashes through the `last` rows, or through all for 0. Stops at the first
// broken row. An error means that the ledger could not be read.
Result<AuditReport> VerifyAudit(Ledger& ledger, size_t last = 0);

// Deletes rows from before `until`, at most `limit`, the oldest first, and records where the trail
// begins now. Returns the number of deleted rows. Never deletes the last row.
Result<size_t> PruneAudit(Ledger& ledger, Time until, size_t limit);

}  // namespace promheal::healing
