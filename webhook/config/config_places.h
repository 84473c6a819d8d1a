#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/io/yaml/yaml_schema.h"

namespace promheal::healing {

// Positions in the file, for warnings.
struct PolicyPlace {
  YamlMark policy;
  std::vector<YamlMark> rungs;
};
struct ConfigPlaces {
  std::vector<PolicyPlace> policies;
  std::map<std::string, YamlMark> actions;
};

}  // namespace promheal::healing
