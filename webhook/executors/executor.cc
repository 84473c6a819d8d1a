#include "webhook/executors/executor.h"

namespace promheal::healing {

Result<std::string> Executor::Rehearse(const Action& action, Duration) {
  if (auto status = Check(action); !status) return tl::make_unexpected(status.error());
  return "would carry out " + description();
}

Result<std::string> Executor::Probe(Duration) { return std::string("nothing to ask"); }

}  // namespace promheal::healing
