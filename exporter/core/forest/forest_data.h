#pragma once

#include <cstdint>
#include <vector>

#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// All that a forest is. Cuts are in scaled units.
struct ForestData {
  std::uint32_t subsample = 0;  // psi.
  std::vector<FeatureScale> scales;
  std::vector<Tree> trees;
};

}  // namespace promheal::anomaly
