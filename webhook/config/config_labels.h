#pragma once

#include <string_view>
#include <vector>

#include "common/io/yaml/yaml_schema.h"
#include "webhook/core/label_match.h"

namespace promheal::healing {

// All of `map`: names of labels and the patterns of their values. What is wrong is said of `key`.
std::vector<LabelMatch> ReadLabelMatches(YamlMap& map, std::string_view key);

}  // namespace promheal::healing
