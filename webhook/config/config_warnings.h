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

// What is no mistake, but hardly meant: policies that are never reached, ladders that are not in
// order of disruptiveness, attempts that their cooldown keeps from being made, actions that no
// policy uses or that nobody undoes, verifications that missing data pass or that are not about the
// target. In order of position.
std::vector<ConfigWarning> FindWarnings(const PolicySet& set, const KnownActions& actions,
                                        const ConfigPlaces& places,
                                        const std::vector<std::string>& target_labels);

}  // namespace promheal::healing
