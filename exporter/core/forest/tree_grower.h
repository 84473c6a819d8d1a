#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/random.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// Trees grow to ceil(log2 psi) and no deeper (Liu, Ting, Zhou 2008, algorithm 1): what stands out
// is isolated before that, and the average path length accounts for the rest.
std::uint32_t HeightLimit(std::uint32_t subsample);

// Grows isolation trees (algorithm 2 of the paper) over one sample matrix: psi rows drawn without
// replacement, at each node a uniform feature among those that still vary there, and a uniform cut
// strictly inside that feature's range. O(psi log psi + psi x features) a tree, whatever the number
// of rows; no allocation beyond the tree itself once the first is grown.
//
// An infinite value counts as its column's largest (smallest) finite value of the subsample. A
// missing value (NaN) bounds no range, and its sample follows a split on that feature to a random
// side, with the odds of the samples that have a value.
//
// Thread safety: one grower a thread. Tree number k of a seed is the same from every grower.
class TreeGrower {
 public:
  // Borrows both for its life. `subsample` is psi, from 1 to the number of rows.
  TreeGrower(const Samples& samples, std::span<const FeatureScale> scales, std::uint32_t subsample,
             std::uint64_t seed);

  Tree Grow(std::uint32_t tree_number);

 private:
  struct Slice {  // Of order_: the samples of one node.
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Cut {
    std::uint32_t feature;
    float value;
  };

  void DrawSubsample(Random& random);
  void GatherColumns();
  void GrowNode(Tree& tree, std::uint32_t node, Slice slice, std::uint32_t depth,
                std::uint32_t varying, Random& random);
  bool DrawCut(Slice slice, std::uint32_t& varying, Random& random, Cut& cut);
  std::uint32_t Partition(Slice slice, Cut cut, Random& random);

  const float* Column(std::uint32_t feature) const {
    return columns_.data() + std::size_t{feature} * subsample_;
  }

  const Samples& samples_;
  std::span<const FeatureScale> scales_;
  std::uint32_t subsample_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> drawn_;     // Row numbers of the subsample.
  std::vector<std::uint32_t> table_;     // The hash set of DrawSubsample.
  std::vector<float> columns_;           // Column-major: the subsample, centred and scaled.
  std::vector<std::uint32_t> order_;     // A permutation of the subsample; a node owns a slice.
  std::vector<std::uint32_t> spare_;     // Room to partition in.
  std::vector<std::uint32_t> features_;  // A permutation; those that vary come first.
};

}  // namespace promheal::anomaly
