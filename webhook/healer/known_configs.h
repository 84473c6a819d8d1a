#pragma once

#include <map>
#include <optional>
#include <string>

#include "webhook/config/config.h"

namespace promheal::healing {

// The current configuration, and earlier ones with actions that the current one lacks: the last
// configuration with an action undoes that action's overrides.
class KnownConfigs {
 public:
  explicit KnownConfigs(ConfigSnapshot config) : current_(std::move(config)) {}

  void Replace(ConfigSnapshot config);
  const ConfigSnapshot& current() const { return current_; }
  // The configuration whose executor undoes the action's overrides.
  const ConfigSnapshot& Of(const std::string& action) const;

 private:
  ConfigSnapshot current_;
  std::map<std::string, ConfigSnapshot>
      last_of_;  // By an action that the current configuration lacks.
};

// Why the action cannot be carried out with these labels, or nullopt: see Feasibility.
std::optional<std::string> WhyInfeasible(const HealingConfig& config, const std::string& action,
                                         const Labels& labels);

}  // namespace promheal::healing
