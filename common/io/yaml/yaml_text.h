#pragma once

#include <optional>
#include <string_view>

#include "common/io/yaml/yaml_tree.h"

namespace promheal {

inline constexpr size_t kMaxYamlBytes = size_t{4} << 20;

// Checks a file's bytes before any parser sees them: size, encoding, control characters, lines
// indented with a tab. nullopt if all is well.
std::optional<YamlError> CheckYamlText(std::string_view text);

// The parser's position when it failed.
struct YamlProgress {
  YamlMark last_value;      // The start of the last value or key.
  YamlMark innermost_open;  // The start of the innermost open list or map.
};

// Replaces yaml-cpp's syntax error by advice, and corrects its position.
YamlError ExplainSyntaxError(std::string_view text, const YamlError& theirs,
                             const YamlProgress& progress);

}  // namespace promheal
