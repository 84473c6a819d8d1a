#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/random.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// Grows isolation trees (Liu, Ting, Zhou 2008, algorithm 2) from a sample matrix. A tree draws psi
// rows without replacement. Each node cuts a uniformly drawn feature, among those that still vary
// in it, at a uniformly drawn place within the feature's range. O(psi log psi) a tree, whatever the
// number of rows and features.
//
// Only finite values bound a range. An infinite value lies on its side of every cut. At a cut on a
// missing value (NaN), the sample goes to a random side, with the odds of the samples that have a
// value.
//
// Thread safety: one grower a thread. Tree number k of a seed is the same from every grower.
class TreeGrower {
 public:
  // `samples` and `scales` must outlive the grower. `subsample` is psi, from 1 to the number of
  // rows.
  TreeGrower(const Samples& samples, std::span<const FeatureScale> scales, std::uint32_t subsample,
             std::uint64_t seed);

  Tree Grow(std::uint32_t tree_number);

 private:
  struct Node {  // A node of the tree: its part of rows_, and its slot.
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t slot;
    std::uint32_t span;

    std::uint32_t samples() const { return end - begin; }
  };
  struct Cut {
    std::uint32_t feature;
    float value;
  };

  void DrawSubsample(Random& random);
  void GrowNode(Tree& tree, const Node& node, std::uint32_t levels, std::uint32_t varying,
                Random& random);
  bool DrawCut(const Node& node, std::uint32_t& varying, Random& random, Cut& cut);
  std::uint32_t Partition(const Node& node, float cut, Random& random);

  const Samples& samples_;
  std::span<const FeatureScale> scales_;
  std::uint32_t subsample_;
  std::uint64_t seed_;
  std::vector<std::uint32_t> rows_;      // The subsample; each node has a part of it.
  std::vector<float> values_;            // Values of rows_ in the feature of the last cut.
  std::vector<std::uint32_t> right_;     // Scratch for Partition: rows for the right side.
  std::vector<std::uint32_t> missing_;   // Scratch for Partition: rows without a value.
  std::vector<std::uint32_t> drawn_;     // The hash set of DrawSubsample.
  std::vector<std::uint32_t> features_;  // A permutation; features that may vary come first.
};

}  // namespace promheal::anomaly
