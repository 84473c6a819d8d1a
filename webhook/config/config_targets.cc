#include "webhook/config/config_targets.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "webhook/config/label_matches.h"

namespace promheal::healing {
namespace {

// Labels that the healer's own metrics have beside those of a target: see docs/metrics.md.
bool IsOurOwn(std::string_view label) {
  constexpr std::string_view kOurs[] = {"action", "gateway", "place", "scenario", "verdict"};
  return std::find(std::begin(kOurs), std::end(kOurs), label) != std::end(kOurs);
}

// Names of labels; a name may stand once, also over several calls with the same `seen`.
void ReadLabelNames(YamlMap& map, std::string_view key, std::set<std::string>& seen,
                    std::vector<std::string>& labels) {
  map.Read(key, &labels);
  for (const std::string& label : labels) {
    if (!seen.insert(label).second) {
      map.AddError(map.MarkOf(key), fmt::format("{}: '{}' stands there twice", key, label));
    } else if (!IsValidLabelName(label)) {
      map.AddError(map.MarkOf(key), fmt::format("{}: '{}' is not a label name", key, label));
    } else if (IsOurOwn(label)) {
      map.AddError(map.MarkOf(key), fmt::format("{}: '{}' is a label of our own series: expected "
                                                "another one (see label_replace)",
                                                key, label));
    }
  }
}

void ReadProtected(YamlMap& map, std::vector<std::vector<LabelMatch>>& targets) {
  map.ReadList("protected", [&](YamlMap& entry) {
    std::vector<LabelMatch> matches = ReadLabelMatches(entry, "protected");
    if (matches.empty()) entry.AddError(entry.mark(), "protected: expected labels to match");
    targets.push_back(std::move(matches));
  });
}

void WriteProtected(const std::vector<std::vector<LabelMatch>>& targets, YamlWriter& writer) {
  writer.List("protected", targets.size(),
              [&](size_t i) { WriteLabelMatches(targets[i], writer); });
}

}  // namespace

void ReadTargets(YamlMap& root, HealingConfig& config) {
  root.ReadMap("targets", [&](YamlMap& map) {
    std::set<std::string> seen;
    ReadLabelNames(map, "labels", seen, config.target_labels);
    ReadLabelNames(map, "optional_labels", seen, config.optional_labels);
    if (config.target_labels.empty()) {
      map.AddError(map.MarkOf("labels"), "labels: expected at least one label name");
    }
    ReadProtected(map, config.policies.protected_targets);
  });
}

void WriteTargets(const HealingConfig& config, YamlWriter& writer) {
  writer.Map("targets", [&] {
    writer.Values("labels", config.target_labels);
    writer.Values("optional_labels", config.optional_labels);
    WriteProtected(config.policies.protected_targets, writer);
  });
}

}  // namespace promheal::healing
