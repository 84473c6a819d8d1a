#include "webhook/healer/known_configs.h"

#include <utility>

#include "webhook/healer/override_calls.h"

namespace promheal::healing {

void KnownConfigs::Replace(ConfigSnapshot config) {
  for (const auto& [action, executor] : current_->executors) {
    if (CanHold(*current_, action) && !CanHold(*config, action)) last_of_[action] = current_;
  }
  current_ = std::move(config);
}

const ConfigSnapshot& KnownConfigs::Of(const std::string& action) const {
  const auto last = last_of_.find(action);
  return CanHold(*current_, action) || last == last_of_.end() ? current_ : last->second;
}

std::optional<std::string> WhyInfeasible(const HealingConfig& config, const std::string& action,
                                         const Labels& labels) {
  const auto executor = config.executors.find(action);
  if (executor == config.executors.end()) return "there is no action " + action;
  Action attempt;
  attempt.name = action;
  attempt.labels = labels;
  if (auto status = executor->second->Check(attempt); !status) return status.error().message;
  return std::nullopt;
}

}  // namespace promheal::healing
