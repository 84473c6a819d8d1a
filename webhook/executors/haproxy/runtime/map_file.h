#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"

namespace promheal::healing {

// One line of a map: a key and its value.
struct MapEntry {
  std::string key;
  std::string value;
};

// The answer to `show map FILE`. kNotFound if HAProxy uses no such file.
Result<std::vector<MapEntry>> ParseMap(std::string_view answer);

// The answer to `show backend`: their names.
Result<std::vector<std::string>> ParseBackends(std::string_view answer);

}  // namespace promheal::healing
