#pragma once

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config.h"
#include "webhook/config/config_actions.h"
#include "webhook/config/config_places.h"

namespace promheal::healing {

// The `policies` section. The queries of all policies become config.queries, in order of position.
void ReadPolicies(YamlMap& root, const KnownActions& actions, HealingConfig& config,
                  ConfigPlaces& places);
void WritePolicies(const PolicySet& set, YamlWriter& writer);

}  // namespace promheal::healing
