#pragma once

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config.h"

namespace promheal::healing {

// The `alertmanager` section.
void ReadAlertmanager(YamlMap& root, AlertmanagerOptions& options);
// Writes no section if no Alertmanager is configured, and no secrets.
void WriteAlertmanager(const AlertmanagerOptions& options, YamlWriter& writer);

}  // namespace promheal::healing
