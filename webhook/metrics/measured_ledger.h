#pragma once

#include "common/io/clock.h"
#include "webhook/ledger/ledger.h"
#include "webhook/metrics/healing_metrics.h"

namespace promheal::healing {

// Measures the commits of a ledger.
class MeasuredLedger final : public Ledger {
 public:
  MeasuredLedger(Ledger& ledger, HealingMetrics& metrics, const Clock& clock)
      : ledger_(ledger), metrics_(metrics), clock_(clock) {}

  Result<Revision> Commit(const LedgerTransaction& transaction) override {
    const Duration start = clock_.Monotonic();
    Result<Revision> revision = ledger_.Commit(transaction);
    metrics_.ObserveCommit(clock_.Monotonic() - start, revision.has_value());
    return revision;
  }
  Result<std::optional<LedgerEntry>> Get(std::string_view key) override { return ledger_.Get(key); }
  Result<std::vector<LedgerEntry>> List(std::string_view prefix, size_t limit,
                                        bool descending) override {
    return ledger_.List(prefix, limit, descending);
  }
  Result<std::vector<LedgerEntry>> ListAfter(std::string_view prefix, std::string_view after,
                                             size_t limit) override {
    return ledger_.ListAfter(prefix, after, limit);
  }

 private:
  Ledger& ledger_;
  HealingMetrics& metrics_;
  const Clock& clock_;
};

}  // namespace promheal::healing
