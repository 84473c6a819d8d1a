#include "webhook/healer/override_calls.h"

#include <fmt/core.h>

#include "webhook/executors/override_executor.h"

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

OverrideReported Operate(const HealingConfig& config, const OperateOverride& operate) {
  OverrideReported reported{operate.operation, operate.attempt_id, {}};
  OverrideExecutor* executor = Find(config, operate.action);
  if (executor == nullptr) {
    reported.report = {.result = ActionResult::kFailed,
                       .detail = NotConfigured(operate.action).message,
                       .now = operate.held,
                       .found = std::vector(operate.held.changes.size(), Standing::kUnreadable)};
    return reported;
  }
  switch (operate.operation) {
    case OverrideOperation::kApply:
      reported.report = executor->Apply(operate.held, operate.deadline);
      break;
    case OverrideOperation::kUndo:
      reported.report = executor->Undo(operate.held, operate.deadline);
      break;
    case OverrideOperation::kInspect:
      reported.report = executor->Inspect(operate.held, operate.deadline);
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
