#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/yaml/yaml_schema.h"

namespace promheal {

// A YAML document as values with positions. An alias shares the value of its anchor.
struct YamlValue {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  YamlMark mark;        // The start; for kNull, that of its key.
  std::string text;     // For kScalar, without quotes.
  bool quoted = false;  // A scalar in quotes or a block scalar: always text.
  std::vector<std::shared_ptr<const YamlValue>> items;  // For kList.
  std::vector<Entry> entries;                           // For kMap, in file order, each key once.

  const Entry* Find(std::string_view key) const;
};

struct YamlValue::Entry {
  std::string key;
  YamlMark mark;  // The start of the key.
  std::shared_ptr<const YamlValue> value;
};

struct YamlError {
  YamlMark at;
  std::string message;
};

struct YamlTree {
  std::shared_ptr<const YamlValue> root;  // Always a map; null if the text is not a readable map.
  std::vector<YamlError> errors;          // Includes duplicate keys, which leave the tree readable.
};

// Reads exactly one document, with yaml-cpp. Refuses invalid UTF-8, more than 64 levels, more than
// 4 MiB, more than 200,000 values (with aliases expanded), and tags.
YamlTree ParseYamlTree(std::string_view text);

}  // namespace promheal
