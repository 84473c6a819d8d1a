#include "exporter/config/config_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace promheal::anomaly {
namespace {

const std::vector<std::string> kDirections = {"both", "up", "down"};  // In the order of Direction.

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const Preset& preset : Presets()) names.emplace_back(preset.name);
  return names;
}

FeatureConfig* FindFeature(ExporterConfig& config, std::string_view name) {
  const auto it =
      std::find_if(config.features.begin(), config.features.end(),
                   [&](const FeatureConfig& feature) { return feature.spec.name == name; });
  return it == config.features.end() ? nullptr : &*it;
}

// A file with neither presets nor features means the preset `red`.
void ReadPresets(YamlMap& root, ExporterConfig& config) {
  std::vector<std::string> names;
  if (!root.Read("presets", &names) && !root.Has("features")) names = {"red"};
  for (const std::string& name : names) {
    const Preset* preset = FindPreset(name);
    if (preset == nullptr) {
      root.AddError(root.MarkOf("presets"),
                    fmt::format("presets: there is no preset '{}': expected some of {}", name,
                                fmt::join(PresetNames(), ", ")));
      continue;
    }
    for (const FeatureConfig& feature : preset->features) {
      if (FindFeature(config, feature.spec.name) == nullptr) config.features.push_back(feature);
    }
    if (!preset->traffic_feature.empty()) config.traffic_feature = preset->traffic_feature;
    config.impact.insert(config.impact.end(), preset->impact.begin(), preset->impact.end());
  }
}

void ReadFeature(YamlMap& map, FeatureConfig& feature) {
  FeatureSpec& spec = feature.spec;
  map.Read("expr", &feature.expr, feature.expr.empty() || map.Has("expr"));
  auto direction = static_cast<size_t>(spec.direction);
  if (map.ReadEnum("direction", kDirections, &direction)) {
    spec.direction = static_cast<Direction>(direction);
  }
  map.ReadMap("minimum_deviation", [&](YamlMap& minimum) {
    minimum.Read("absolute", &spec.minimum_absolute, {.min = 0.0});
    minimum.Read("relative", &spec.minimum_relative, {.min = 0.0});
  });
  map.Read("traffic_floor", &spec.traffic_floor, {.min = 0.0});
  map.Read("absent_is_zero", &spec.absent_is_zero);
}

void WriteFeature(const FeatureConfig& feature, YamlWriter& writer) {
  const FeatureSpec& spec = feature.spec;
  writer.Value("name", spec.name);
  writer.Value("expr", feature.expr);
  writer.Value("direction", kDirections[static_cast<size_t>(spec.direction)]);
  writer.Map("minimum_deviation", [&] {
    writer.Value("absolute", spec.minimum_absolute);
    writer.Value("relative", spec.minimum_relative);
  });
  writer.Value("traffic_floor", spec.traffic_floor);
  writer.Value("absent_is_zero", spec.absent_is_zero);
}

// Entries of `features`: new features, or changes to a preset's.
void ReadFeatureList(YamlMap& root, ExporterConfig& config) {
  std::vector<std::string> named_here;
  root.ReadList("features", [&](YamlMap& map) {
    std::string name;
    map.Read("name", &name, true);
    if (!name.empty() && !IsValidLabelName(name)) {
      map.AddError(
          map.MarkOf("name"),
          fmt::format("name: '{}' is not a feature's name: expected letters, digits and _", name));
    }
    if (std::find(named_here.begin(), named_here.end(), name) != named_here.end()) {
      map.AddError(map.MarkOf("name"), fmt::format("name: there are two features '{}'", name));
    }
    named_here.push_back(name);
    FeatureConfig* known = FindFeature(config, name);
    FeatureConfig feature = known != nullptr ? *known : FeatureConfig{{.name = name}, ""};
    ReadFeature(map, feature);
    if (known != nullptr) {
      *known = feature;
    } else {
      config.features.push_back(feature);
    }
  });
  if (config.features.empty()) {
    root.AddError(root.mark(), "features: there are none: expected presets or features");
  }
}

void ReadTrafficFeature(YamlMap& root, ExporterConfig& config) {
  root.Read("traffic_feature", &config.traffic_feature);
  if (config.traffic_feature.empty()) return;
  if (FindFeature(config, config.traffic_feature) == nullptr) {
    root.AddError(root.MarkOf("traffic_feature"),
                  fmt::format("traffic_feature: there is no feature '{}'", config.traffic_feature));
  }
}

}  // namespace

void ReadFeatures(YamlMap& root, ExporterConfig& config) {
  ReadPresets(root, config);
  ReadFeatureList(root, config);
  ReadTrafficFeature(root, config);
  root.Read("impact", &config.impact);
}

void WriteFeatures(const ExporterConfig& config, YamlWriter& writer) {
  WriteModelFeatures(config, writer);
  writer.Values("impact", config.impact);
}

void WriteModelFeatures(const ExporterConfig& config, YamlWriter& writer) {
  writer.List("features", config.features.size(),
              [&](size_t i) { WriteFeature(config.features[i], writer); });
  writer.Value("traffic_feature", config.traffic_feature);
}

}  // namespace promheal::anomaly
