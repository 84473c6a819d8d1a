#pragma once

#include <string>
#include <vector>

#include "webhook/config/config_actions.h"
#include "webhook/config/config_places.h"

namespace promheal::healing {

struct ConfigWarning {
  YamlMark at;
  std::string text;
};

// Warns of configurations that are valid but hardly meant, in order of position: policies that are
// never reached, ladders out of order of disruptiveness, attempts that their cooldown prevents,
// unused actions, actions that are not undone, and verifications that pass without data or do not
// name the target.
std::vector<ConfigWarning> FindWarnings(const PolicySet& set, const KnownActions& actions,
                                        const ConfigPlaces& places,
                                        const std::vector<std::string>& target_labels);

}  // namespace promheal::healing
