#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/yaml/yaml_tree.h"

namespace promheal {

// The state of one map while it is read. Copies of a YamlMap share it.
struct YamlMap::Node {
  std::shared_ptr<const YamlValue> map;
  std::vector<std::string> known;  // Every key asked for so far, in that order.

  bool IsKnown(std::string_view key) const {
    return std::find(known.begin(), known.end(), key) != known.end();
  }
  const YamlValue::Entry* Find(std::string_view key) {
    if (!IsKnown(key)) known.emplace_back(key);
    return map->Find(key);
  }
};

struct YamlDocument::Impl {
  std::string name;
  bool readable = false;  // false after a syntax error: other errors would only follow from it.
  std::vector<YamlError> errors;
  std::shared_ptr<YamlMap::Node> root;
  std::optional<Error> load_error;  // The file could not be read.
};

}  // namespace promheal
