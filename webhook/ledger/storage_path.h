#pragma once

#include <string>

#include "common/io/program.h"

namespace promheal::healing {

// --storage.path: where the healer keeps its ledger.
ExtraFlag StoragePathFlag(std::string& value);

// The ledger's file under a --storage.path.
std::string LedgerFile(const std::string& storage_path);

}  // namespace promheal::healing
