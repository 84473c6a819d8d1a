#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// What a look through all records of a ledger found.
struct LedgerReport {
  std::map<std::string, size_t> records;  // By kind: "alert", "open", "closed", ...
  std::vector<std::string> damages;       // "closed/...: reading an incident: ...", the first ones.
  size_t damaged = 0;                     // All of them.
};

// Reads every record. An error: the ledger could not be read.
Result<LedgerReport> CheckRecords(Ledger& ledger);

// kDataLoss where anything is damaged, with the first damage and how many there are.
Status VerdictOf(const LedgerReport& report);

}  // namespace promheal::healing
