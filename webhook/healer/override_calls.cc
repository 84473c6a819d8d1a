#include "webhook/healer/override_calls.h"

#include <fmt/core.h>

#include "webhook/executors/override.h"

namespace promheal::healing {
namespace {

OverrideExecutor* Find(const HealingConfig& config, const std::string& action) {
  const auto executor = config.executors.find(action);
  return executor == config.executors.end() ? nullptr : AsOverrideExecutor(*executor->second);
}

Error NotConfigured(const std::string& action) {
  return {ErrorCode::kFailedPrecondition,
          fmt::format("no action {} that stays in force is configured any more", action)};
}

}  // namespace

OverridePrepared Prepare(const HealingConfig& config, const PrepareOverride& prepare) {
  OverrideExecutor* executor = Find(config, prepare.action.name);
  if (executor == nullptr) {
    return {prepare.action.id, tl::make_unexpected(NotConfigured(prepare.action.name))};
  }
  return {prepare.action.id, executor->Prepare(prepare.action, prepare.deadline)};
}

OverrideReported Take(const HealingConfig& config, const StepOverride& step) {
  OverrideReported reported{step.step, step.attempt_id, {}};
  OverrideExecutor* executor = Find(config, step.action);
  if (executor == nullptr) {
    reported.report = {.result = ActionResult::kFailed,
                       .detail = NotConfigured(step.action).message,
                       .now = step.held,
                       .found = std::vector(step.held.changes.size(), Standing::kUnreadable)};
    return reported;
  }
  switch (step.step) {
    case OverrideStep::kApply:
      reported.report = executor->Apply(step.held, step.deadline);
      break;
    case OverrideStep::kUndo:
      reported.report = executor->Undo(step.held, step.deadline);
      break;
    case OverrideStep::kInspect:
      reported.report = executor->Inspect(step.held, step.deadline);
      break;
  }
  return reported;
}

OverridesRead Read(const HealingConfig& config, const ReadOverrides& read) {
  OverrideExecutor* executor = Find(config, read.action);
  if (executor == nullptr) return {read.action, {}};
  return {read.action, executor->ReadState(read.deadline)};
}

Result<Override> AtPercentBy(const HealingConfig& config, const std::string& action,
                             const Override& held, int percent) {
  const OverrideExecutor* executor = Find(config, action);
  if (executor == nullptr) return tl::make_unexpected(NotConfigured(action));
  return executor->AtPercent(held, percent);
}

bool CanHold(const HealingConfig& config, const std::string& action) {
  return Find(config, action) != nullptr;
}

}  // namespace promheal::healing
