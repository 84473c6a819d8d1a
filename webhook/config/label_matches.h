#pragma once

#include <string_view>
#include <vector>

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/core/label_match.h"

namespace promheal::healing {

// Reads all of `map` as label names with patterns of their values. Errors name `key`.
std::vector<LabelMatch> ReadLabelMatches(YamlMap& map, std::string_view key);
void WriteLabelMatches(const std::vector<LabelMatch>& matches, YamlWriter& writer);

}  // namespace promheal::healing
