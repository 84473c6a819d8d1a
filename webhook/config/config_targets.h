#pragma once

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config.h"

namespace promheal::healing {

// The `targets` section: the labels that name a target, and the targets that are never acted on.
void ReadTargets(YamlMap& root, HealingConfig& config);
void WriteTargets(const HealingConfig& config, YamlWriter& writer);

}  // namespace promheal::healing
