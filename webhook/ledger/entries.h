#pragma once

#include <functional>
#include <string_view>

#include "common/base/result.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// Calls `visit` for every entry whose key starts with `prefix` and comes after `after`, in order of
// keys, until it returns false. Reads in portions, so that years of entries need little memory. An
// error means that the ledger could not be read.
Status ForEachEntry(Ledger& ledger, std::string_view prefix, std::string_view after,
                    const std::function<bool(const LedgerEntry&)>& visit);

}  // namespace promheal::healing
