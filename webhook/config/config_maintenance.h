#pragma once

#include <vector>

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/core/maintenance.h"

namespace promheal::healing {

// The `maintenance` of a configuration: entries as those of Alertmanager's `time_intervals`, each
// with the labels that it is for.
void ReadMaintenance(YamlMap& root, std::vector<MaintenanceWindow>& windows);

// Writes them for /config, so that they can be read again.
void WriteMaintenance(const std::vector<MaintenanceWindow>& windows, YamlWriter& writer);

}  // namespace promheal::healing
