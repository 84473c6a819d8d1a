#include "webhook/config/label_matches.h"

#include <fmt/core.h>

#include <string>
#include <utility>

namespace promheal::healing {

std::vector<LabelMatch> ReadLabelMatches(YamlMap& map, std::string_view key) {
  std::vector<LabelMatch> matches;
  for (const std::string& name : map.Keys()) {
    LabelMatch match{name, ""};
    map.Read(name, &match.pattern);
    if (!IsValidLabelName(name)) {
      map.AddError(map.MarkOf(name), fmt::format("{}: '{}' is not a label name", key, name));
    }
    matches.push_back(std::move(match));
  }
  return matches;
}

void WriteLabelMatches(const std::vector<LabelMatch>& matches, YamlWriter& writer) {
  for (const LabelMatch& match : matches) writer.Value(match.name, match.pattern);
}

}  // namespace promheal::healing
