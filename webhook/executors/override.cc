#include "webhook/executors/override.h"

#include <fmt/core.h>

namespace promheal::healing {

Result<std::string> OverrideExecutor::Rehearse(const Action& action, Duration deadline) {
  const Result<Override> held = Prepare(action, deadline);
  if (!held) return tl::make_unexpected(held.error());
  std::string text;
  for (const OverrideChange& change : held->changes) {
    text += fmt::format("{}would set {} at {}: {} -> {}", text.empty() ? "" : "; ", change.subject,
                        change.keeper, change.before, change.after);
  }
  return text;
}

OverrideExecutor* AsOverrideExecutor(Executor& executor) {
  return dynamic_cast<OverrideExecutor*>(&executor);
}

}  // namespace promheal::healing
