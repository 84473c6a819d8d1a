#pragma once

#include <optional>
#include <string_view>

#include "common/io/yaml/yaml_tree.h"

namespace promheal {

inline constexpr size_t kMaxYamlBytes = size_t{4} << 20;

// What is wrong with the bytes of a file before any parser sees them: size, encoding, control
// characters, lines that a tab indents. Nothing where all is well.
std::optional<YamlError> CheckYamlText(std::string_view text);

// How far the parser had come.
struct YamlProgress {
  YamlMark last_value;      // Where the last value or key that it read starts.
  YamlMark innermost_open;  // Where the list or map starts that it was in.
};

// What yaml-cpp says about `text`, in words that tell what to do about it, and where.
YamlError ExplainSyntaxError(std::string_view text, const YamlError& theirs,
                             const YamlProgress& progress);

}  // namespace promheal
