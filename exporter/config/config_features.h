#pragma once

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// The keys `presets`, `features`, `traffic_feature` and `impact`. The writer writes features in
// full and no `presets`: reading its output gives the same features whatever presets change.
void ReadFeatures(YamlMap& root, ExporterConfig& config);
void WriteFeatures(const ExporterConfig& config, YamlWriter& writer);

// Only the keys that models depend on: `features` and `traffic_feature`.
void WriteModelFeatures(const ExporterConfig& config, YamlWriter& writer);

}  // namespace promheal::anomaly
