#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exporter/core/feature.h"

namespace promheal::anomaly {

// A feature and the query for its values.
struct FeatureConfig {
  FeatureSpec spec;
  std::string expr;  // PromQL that gives a series for each target.

  bool operator==(const FeatureConfig&) const = default;
};

// A list of features over the series that rules/recording and rules/adapters record; their names do
// not depend on the source. In the configuration, an entry of `features` with the same name changes
// single keys of a feature.
struct Preset {
  std::string_view name;
  std::vector<FeatureConfig> features;
  std::string_view traffic_feature;  // The feature with requests/s; "" = none.
  std::vector<std::string> impact;
};

// red: rate, errors, duration. resources: CPU and memory. logs: error logs. availability: share of
// instances that are up.
const std::vector<Preset>& Presets();

// Null if there is no preset with that name.
const Preset* FindPreset(std::string_view name);

}  // namespace promheal::anomaly
