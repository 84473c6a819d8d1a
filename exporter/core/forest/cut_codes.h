#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporter/core/forest/aligned_array.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/forest_views.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// A comparison needs the order only. So the cuts of many trees are replaced by their places in
// order, and a value by how many of its feature's cuts it exceeds: value > cut exactly where
// code(value) > code(cut), in 16 bits instead of 32. The features' codes are bands one above the
// other, feature 0 lowest.
//
// The cuts of a feature stand in a perfect search tree, root at place 1, the children of place i at
// 2i and 2i + 1, infinity where there are fewer cuts than places: a value walks down it, to the
// right where it exceeds a cut, and arrives at place 2^height + the number of cuts it exceeds.
struct CutCodes {
  static constexpr std::int16_t kNeverExceeded = 32'767;
  static constexpr std::size_t kMaxCutsAndFeatures = 65'535;  // How many 16 bits can tell apart.

  // Precondition: no more cuts and features than that.
  CutCodes(std::span<const Tree> trees, std::span<const FeatureScale> scales);

  std::vector<std::int16_t> codes;  // Of the cuts, tree after tree, each from left to right.
  std::vector<CodedFeature> features;
  AlignedArray<float> search_trees;
};

}  // namespace promheal::anomaly
