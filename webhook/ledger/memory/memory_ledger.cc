#include "webhook/ledger/memory/memory_ledger.h"

#include <algorithm>

namespace promheal::healing {

Result<Revision> MemoryLedger::Commit(const LedgerTransaction& transaction) {
  if (auto status = before_commit(); !status) return tl::make_unexpected(status.error());
  for (const LedgerCondition& condition : transaction.conditions) {
    const auto it = file_.entries.find(condition.key);
    if ((it == file_.entries.end() ? 0 : it->second.revision) != condition.revision) {
      return Fail(ErrorCode::kFailedPrecondition, condition.key);
    }
  }
  ++file_.head;
  for (const LedgerWrite& write : transaction.writes) {
    if (write.value) {
      file_.entries[write.key] = {write.key, *write.value, file_.head};
    } else {
      file_.entries.erase(write.key);
    }
  }
  ++file_.commits;
  after_commit();
  return file_.head;
}

Result<std::optional<LedgerEntry>> MemoryLedger::Get(std::string_view key) {
  const auto it = file_.entries.find(key);
  if (it == file_.entries.end()) return std::optional<LedgerEntry>();
  return std::optional<LedgerEntry>(it->second);
}

Result<std::vector<LedgerEntry>> MemoryLedger::List(std::string_view prefix, size_t limit,
                                                    bool descending) {
  std::vector<LedgerEntry> found;
  for (auto it = file_.entries.lower_bound(prefix);
       it != file_.entries.end() && it->first.starts_with(prefix); ++it) {
    found.push_back(it->second);
  }
  if (descending) std::reverse(found.begin(), found.end());
  if (limit > 0 && found.size() > limit) found.resize(limit);
  return found;
}

Result<std::vector<LedgerEntry>> MemoryLedger::ListAfter(std::string_view prefix,
                                                         std::string_view after, size_t limit) {
  std::vector<LedgerEntry> found;
  auto it = after < prefix ? file_.entries.lower_bound(prefix) : file_.entries.upper_bound(after);
  for (; it != file_.entries.end() && it->first.starts_with(prefix); ++it) {
    if (limit > 0 && found.size() == limit) break;
    found.push_back(it->second);
  }
  return found;
}

}  // namespace promheal::healing
