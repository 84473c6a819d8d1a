#pragma once

#include "webhook/ledger/ledger_kind.h"

namespace promheal::healing {

// A SQLite file in the directory --storage.path, which is created for the program's user alone if
// there is none.
extern const LedgerKind kSqliteLedgers;

}  // namespace promheal::healing
