#pragma once

#include <string>

#include "webhook/config/config.h"

namespace promheal::healing {

// The configuration in force with every default filled in, as YAML; secrets are <secret>, and of an
// action's executor only the description is shown.
std::string ConfigPage(const HealingConfig& config);

}  // namespace promheal::healing
