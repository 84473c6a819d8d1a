#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/io/clock.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config.h"
#include "webhook/config/config_places.h"
#include "webhook/executors/override_executor.h"

namespace promheal::healing {

// An action as ladders and warnings need to know it.
struct KnownAction {
  std::optional<OverrideTraits> held;  // If its effect stays in force until it is undone.
  std::string not_undone;              // Executor::not_undone.
};
using KnownActions = std::map<std::string, KnownAction>;

// The `actions` section: how long each may take, and the executor that carries it out.
KnownActions ReadActions(YamlMap& root, const Clock& clock, HealingConfig& config,
                         ConfigPlaces& places);
// Shows an executor's description only.
void WriteActions(const HealingConfig& config, YamlWriter& writer);

}  // namespace promheal::healing
