#include "webhook/executors/override_executor.h"

#include <fmt/core.h>

#include "webhook/core/override/override_plan.h"

namespace promheal::healing {

Receipt OverrideExecutor::Execute(const Action& action, Duration deadline) {
  const Duration end = clock_.Monotonic() + deadline;
  const Result<Override> held = PrepareToExecute(action, deadline);
  if (!held) return {ActionResult::kFailed, held.error().message};
  const std::optional<Duration> to_undo = TimeToUndoFailure(deadline);
  OverrideReport report = Apply(*held, end - clock_.Monotonic() - to_undo.value_or(Duration(0)));
  if (report.result == ActionResult::kFailed && to_undo) {
    report.detail += "; " + Undo(report.now, end - clock_.Monotonic()).detail;
  }
  return {report.result, report.detail};
}

Result<Override> OverrideExecutor::AtPercent(Override held, int percent) const {
  if (!traits().has_degrees || percent < 1 || percent > 100) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("{} at {}%: it has no such degree", description(), percent));
  }
  held.percent = percent;
  return WithValue(std::move(held), ValueAt(percent));
}

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
