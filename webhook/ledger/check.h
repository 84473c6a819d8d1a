#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// The result of CheckRecords.
struct LedgerReport {
  std::map<std::string, size_t> records;  // Count by kind: "alert", "open", "closed", ...
  std::vector<std::string> damages;       // "closed/...: reading an incident: ...", the first few.
  size_t damaged = 0;                     // Count of all damaged records.
};

// Reads every record. An error means that the ledger could not be read.
Result<LedgerReport> CheckRecords(Ledger& ledger);

// kDataLoss if any record is damaged; the message has the first damage and their number.
Status VerdictOf(const LedgerReport& report);

}  // namespace promheal::healing
