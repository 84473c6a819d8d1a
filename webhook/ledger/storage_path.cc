#include "webhook/ledger/storage_path.h"

namespace promheal::healing {

ExtraFlag StoragePathFlag(std::string& value) {
  return {.name = "storage.path",
          .help = "Directory of the ledger.",
          .default_value = "data",
          .value = &value,
          .placeholder = "PATH"};
}

}  // namespace promheal::healing
