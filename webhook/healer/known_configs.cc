#include "webhook/healer/known_configs.h"

#include <utility>

#include "webhook/healer/override_calls.h"

namespace promheal::healing {

void KnownConfigs::Replace(ConfigSnapshot config) {
  for (const auto& [action, executor] : now_->executors) {
    if (CanHold(*now_, action) && !CanHold(*config, action)) last_of_[action] = now_;
  }
  now_ = std::move(config);
}

const ConfigSnapshot& KnownConfigs::Of(const std::string& action) const {
  const auto last = last_of_.find(action);
  return CanHold(*now_, action) || last == last_of_.end() ? now_ : last->second;
}

std::optional<std::string> WhyInfeasible(const HealingConfig& config, const std::string& action,
                                         const Labels& labels) {
  const auto executor = config.executors.find(action);
  if (executor == config.executors.end()) return "there is no action " + action;
  Action one;
  one.name = action;
  one.labels = labels;
  if (auto status = executor->second->Check(one); !status) return status.error().message;
  return std::nullopt;
}

}  // namespace promheal::healing
