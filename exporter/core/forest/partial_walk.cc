#include "exporter/core/forest/partial_walk.h"

#include <cmath>

#include "exporter/core/forest/packed_trees.h"
#include "exporter/core/forest/path_length.h"
#include "exporter/core/forest/scalar_ints.h"

namespace promheal::anomaly {
namespace {

template <typename Count>
struct Walker {
  struct Node {
    std::uint32_t slot;
    std::uint32_t span;
    std::uint32_t depth;
    std::uint32_t begin;  // Its samples are [begin, end).
    std::uint32_t end;
  };

  const CompactView& forest;
  const float* row;
  double* contributions;
  PartialWalk& result;
  PackedTrees<ScalarInts, Count> tree;

  double PathLengthFrom(std::uint32_t samples) const { return forest.path_lengths[samples]; }

  void Walk(const Node& node, double weight) const {
    const std::uint32_t samples = node.end - node.begin;
    const double own = PathLengthFrom(samples);
    const std::uint32_t inner = tree.Inner(node.slot);
    if (node.depth == forest.height || tree.IsInner(node.slot, inner) == 0) {
      result.path_length += weight * (std::ldexp(node.depth, kPathLengthBits) + own);
      return;
    }
    const std::uint32_t number = tree.Rank(node.slot, inner);
    const std::uint32_t feature = tree.Feature(number);
    const std::uint32_t middle = tree.Start(number + 1);
    const Node left{node.slot - node.span, node.span / 2, node.depth + 1, node.begin, middle};
    const Node right{node.slot + node.span, node.span / 2, node.depth + 1, middle, node.end};
    const double of_left = static_cast<double>(middle - node.begin) / samples;
    const double from_left = PathLengthFrom(middle - node.begin);
    const double from_right = PathLengthFrom(node.end - middle);
    constexpr double kStep = 1 << kPathLengthBits;
    if (std::isnan(row[feature])) {
      result.unexplained +=
          weight * (kStep + of_left * from_left + (1 - of_left) * from_right - own);
      Walk(left, weight * of_left);
      Walk(right, weight * (1 - of_left));
      return;
    }
    const bool to_right = row[feature] > tree.Cut(number);
    if (contributions != nullptr) {
      contributions[feature] += weight * (kStep + (to_right ? from_right : from_left) - own);
    }
    Walk(to_right ? right : left, weight);
  }
};

template <typename Count>
PartialWalk WalkWith(const CompactView& forest, const float* row, double* contributions) {
  PartialWalk result;
  for (std::uint32_t number = 0; number < forest.trees; ++number) {
    const Walker<Count> walker{forest, row, contributions, result,
                               PackedTrees<ScalarInts, Count>(forest, number)};
    walker.Walk({RootSlot(forest.height), RootSpan(forest.height), 0, 0, forest.subsample}, 1);
  }
  return result;
}

}  // namespace

PartialWalk WalkPartialRow(const CompactView& forest, const float* row, double* contributions) {
  return forest.subsample <= kNarrowCounts ? WalkWith<std::uint8_t>(forest, row, contributions)
                                           : WalkWith<std::uint16_t>(forest, row, contributions);
}

}  // namespace promheal::anomaly
