#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporter/core/forest/aligned_array.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/forest_views.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// Comparisons need only the order of values and cuts. So a cut's code is its rank among the cuts of
// many trees, and a value's code is the number of its feature's cuts that it exceeds: value > cut
// if and only if code(value) > code(cut), in 16 bits instead of 32. Each feature has a band of
// codes; bands ascend with the feature.
//
// A feature's cuts form a perfect search tree: root at place 1, children of place i at 2i and 2i +
// 1, infinity at unused places. A value walks down it, right if it exceeds the cut, and ends at
// place 2^height + the number of cuts it exceeds.
struct CutCodes {
  static constexpr std::int16_t kNeverExceeded = 32'767;
  static constexpr std::size_t kMaxCutsAndFeatures = 65'535;  // As many codes as 16 bits have.

  // Precondition: at most kMaxCutsAndFeatures cuts and features together.
  CutCodes(std::span<const Tree> trees, std::span<const FeatureScale> scales);

  std::vector<std::int16_t> codes;  // Codes of the cuts: tree by tree, each from left to right.
  std::vector<CodedFeature> features;
  AlignedArray<float> search_trees;
};

}  // namespace promheal::anomaly
