#pragma once

#include <vector>

#include "common/base/labels.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"

namespace promheal::anomaly {

// The `series` section: which targets expose the six series of each feature. All others expose only
// their own.
struct SeriesConfig {
  double features_above_score = 0.5;    // Targets with at least this score...
  std::vector<Labels> features_always;  // ...or with all labels of an entry.

  bool operator==(const SeriesConfig&) const = default;
};

void ReadSeries(YamlMap& root, SeriesConfig& series);
void WriteSeries(const SeriesConfig& series, YamlWriter& writer);

}  // namespace promheal::anomaly
