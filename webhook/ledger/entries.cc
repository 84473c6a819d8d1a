#include "webhook/ledger/entries.h"

#include <string>

namespace promheal::healing {
namespace {

constexpr size_t kPortion = 500;

}  // namespace

Status ForEachEntry(Ledger& ledger, std::string_view prefix, std::string_view after,
                    const std::function<bool(const LedgerEntry&)>& visit) {
  std::string last(after);
  while (true) {
    const auto entries = ledger.ListAfter(prefix, last, kPortion);
    if (!entries) return tl::make_unexpected(entries.error());
    if (entries->empty()) return {};
    for (const LedgerEntry& entry : *entries) {
      if (!visit(entry)) return {};
    }
    last = entries->back().key;
  }
}

}  // namespace promheal::healing
