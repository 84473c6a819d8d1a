#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/yaml/yaml_schema.h"

namespace promheal {

// A YAML document as values with their positions. Aliases share the value that they name.
struct YamlValue {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  YamlMark mark;        // Of nothing at all: its key's.
  std::string text;     // Of a scalar, without quotes.
  bool quoted = false;  // A scalar in quotes or a block scalar: text, whatever it looks like.
  std::vector<std::shared_ptr<const YamlValue>> items;  // Of a list.
  std::vector<Entry> entries;                           // Of a map, in file order, each key once.

  const Entry* Find(std::string_view key) const;
};

struct YamlValue::Entry {
  std::string key;
  YamlMark mark;  // Of the key.
  std::shared_ptr<const YamlValue> value;
};

struct YamlError {
  YamlMark at;
  std::string message;
};

struct YamlTree {
  std::shared_ptr<const YamlValue>
      root;                       // Always a map; null where the text cannot be read as one.
  std::vector<YamlError> errors;  // Also duplicate keys, which leave the tree readable.
};

// Reads exactly one document. Refuses what is not UTF-8, nests deeper than 64 levels, is larger
// than 4 MiB, holds (with aliases expanded) more than 200,000 values, and tags. yaml-cpp
// underneath.
YamlTree ParseYamlTree(std::string_view text);

}  // namespace promheal
