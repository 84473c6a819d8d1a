#pragma once

#include <string>

#include "common/io/program.h"

namespace promheal::healing {

// The flag --storage.path: where the healer keeps its ledger.
ExtraFlag StoragePathFlag(std::string& value);

}  // namespace promheal::healing
