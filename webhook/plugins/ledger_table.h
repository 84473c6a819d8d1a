#pragma once

#include <string_view>

#include "webhook/ledger/ledger_kind.h"

namespace promheal::healing {

// The kind that stores ledgers at `storage`, a value of --storage.path. A new kind of ledger is a
// row in ledger_table.cc.
const LedgerKind& LedgerKindOf(std::string_view storage);

}  // namespace promheal::healing
