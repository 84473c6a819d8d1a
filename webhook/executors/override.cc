#include "webhook/executors/override.h"

namespace promheal::healing {

OverrideExecutor* AsOverrideExecutor(Executor& executor) {
  return dynamic_cast<OverrideExecutor*>(&executor);
}

}  // namespace promheal::healing
