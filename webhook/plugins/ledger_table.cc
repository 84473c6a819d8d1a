#include "webhook/plugins/ledger_table.h"

#include <algorithm>
#include <iterator>

#include "webhook/ledger/sqlite/sqlite_kind.h"

namespace promheal::healing {
namespace {

// The first whose prefix fits; the last one takes any storage.
const LedgerKind* const kKinds[] = {
    &kSqliteLedgers,
};

}  // namespace

const LedgerKind& LedgerKindOf(std::string_view storage) {
  return **std::find_if(std::begin(kKinds), std::prev(std::end(kKinds)),
                        [&](const LedgerKind* kind) { return storage.starts_with(kind->prefix); });
}

}  // namespace promheal::healing
