#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exporter/core/feature.h"

namespace promheal::anomaly {

// A feature and where its values come from.
struct FeatureConfig {
  FeatureSpec spec;
  std::string expr;  // PromQL; one series a target.

  bool operator==(const FeatureConfig&) const = default;
};

// Features over the series that rules/recording and rules/adapters record under the same names
// whatever the source is. A preset is a list of features, an entry of the configuration with the
// same name changes single keys of it.
struct Preset {
  std::string_view name;
  std::vector<FeatureConfig> features;
  std::string_view traffic_feature;  // "" = none of them holds requests/s.
  std::vector<std::string> impact;
};

// red: rate, errors, duration. resources: CPU and memory. logs: error logs. availability: instances
// that are up.
const std::vector<Preset>& Presets();

// Null where there is none of that name.
const Preset* FindPreset(std::string_view name);

}  // namespace promheal::anomaly
