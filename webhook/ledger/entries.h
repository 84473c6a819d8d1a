#pragma once

#include <functional>
#include <string_view>

#include "common/base/result.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// Shows `visit` every entry whose key starts with `prefix` and comes after `after`, by key, until
// it says false. Entries are read in portions, so that years of them do not stand in memory. An
// error: the ledger could not be read.
Status ForEachEntry(Ledger& ledger, std::string_view prefix, std::string_view after,
                    const std::function<bool(const LedgerEntry&)>& visit);

}  // namespace promheal::healing
