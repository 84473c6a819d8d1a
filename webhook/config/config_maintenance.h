#pragma once

#include <vector>

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/core/maintenance.h"

namespace promheal::healing {

// The `maintenance` section: windows as Alertmanager writes its `time_intervals`, each with the
// labels of the targets that it is for.
void ReadMaintenance(YamlMap& root, std::vector<MaintenanceWindow>& windows);
void WriteMaintenance(const std::vector<MaintenanceWindow>& windows, YamlWriter& writer);

}  // namespace promheal::healing
