#pragma once

#include <map>
#include <optional>
#include <string>

#include "webhook/config/config.h"

namespace promheal::healing {

// The configuration in force, and beside it those that knew actions it does not know any more: what
// such an action left in force is undone by the configuration that knew it last.
class KnownConfigs {
 public:
  explicit KnownConfigs(ConfigSnapshot config) : now_(std::move(config)) {}

  void Replace(ConfigSnapshot config);
  const ConfigSnapshot& now() const { return now_; }
  // Whose executor undoes what the action left in force.
  const ConfigSnapshot& Of(const std::string& action) const;

 private:
  ConfigSnapshot now_;
  std::map<std::string, ConfigSnapshot> last_of_;  // By action that is gone.
};

// Why the action cannot be carried out with these labels, or nothing: see Feasibility.
std::optional<std::string> WhyInfeasible(const HealingConfig& config, const std::string& action,
                                         const Labels& labels);

}  // namespace promheal::healing
