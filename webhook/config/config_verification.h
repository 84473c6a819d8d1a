#pragma once

#include <string_view>
#include <vector>

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/config/config.h"

namespace promheal::healing {

using Queries = std::vector<ConfiguredQuery>;

// A `verify` section. Its queries are also appended to `queries`.
void ReadVerification(YamlMap& map, Verification& verify, Queries& queries);
void WriteVerification(const Verification& verify, YamlWriter& writer);

// The list of conditions below `key`.
void ReadConditions(YamlMap& map, std::string_view key, std::vector<Condition>& conditions,
                    Queries& queries);
void WriteConditions(std::string_view key, const std::vector<Condition>& conditions,
                     YamlWriter& writer);

// A `min_healthy` section: how many instances must serve, also after the action. `at_least` is a
// number of them, or a percentage if the query returns the share that remains.
Condition ReadMinHealthy(YamlMap& map, Queries& queries);
void WriteMinHealthy(const Condition& condition, YamlWriter& writer);

}  // namespace promheal::healing
