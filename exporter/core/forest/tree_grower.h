#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/random.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// Grows isolation trees (Liu, Ting, Zhou 2008, algorithm 2) over one sample matrix: psi rows drawn
// without replacement, at each node a uniform feature among those that still vary there, and a
// uniform cut strictly inside that feature's range. O(psi log psi) a tree: neither the number of
// rows nor of features counts.
//
// A value that is not finite bounds no range. An infinite one lies on its side of every cut; the
// sample of a missing one (NaN) follows a cut to a random side, with the odds of the samples that
// have a value.
//
// Thread safety: one grower a thread. Tree number k of a seed is the same from every grower.
class TreeGrower {
 public:
  // Borrows both for its life. `subsample` is psi, from 1 to the number of rows.
  TreeGrower(const Samples& samples, std::span<const FeatureScale> scales, std::uint32_t subsample,
             std::uint64_t seed);

  Tree Grow(std::uint32_t tree_number);

 private:
  struct Node {  // The part of rows_ that a node of the tree still holds, and the node's slot.
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
  std::vector<std::uint32_t> rows_;     // The subsample; a node owns a part of it.
  std::vector<float> values_;           // Beside rows_: the feature that the last cut was drawn on.
  std::vector<std::uint32_t> right_;    // Room to partition in.
  std::vector<std::uint32_t> missing_;  // Likewise.
  std::vector<std::uint32_t> drawn_;    // The hash set of DrawSubsample.
  std::vector<std::uint32_t> features_;  // A permutation; those that may vary come first.
};

}  // namespace promheal::anomaly
