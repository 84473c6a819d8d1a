#include "exporter/core/forest/tree_check.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace promheal::anomaly {
namespace {

std::size_t CountInner(const Tree& tree) {
  std::size_t count = 0;
  for (const std::uint32_t word : tree.inner)
    count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

// The number of inner nodes that are connected to the root. Others are below an empty slot.
std::size_t CountReached(const Tree& tree, std::uint32_t slot, std::uint32_t span,
                         std::uint32_t levels) {
  if (levels == 0 || !tree.IsInner(slot)) return 0;
  return 1 + CountReached(tree, slot - span, span / 2, levels - 1) +
         CountReached(tree, slot + span, span / 2, levels - 1);
}

}  // namespace

std::optional<std::string_view> FaultOf(const Tree& tree, std::uint32_t features,
                                        std::uint32_t subsample) {
  if (tree.height != HeightLimit(subsample)) return "the height does not fit the subsample";
  const std::size_t nodes = CountInner(tree);
  if (nodes != CountReached(tree, RootSlot(tree.height), RootSpan(tree.height), tree.height)) {
    return "a node without a parent";
  }
  if (tree.cuts.size() != nodes || tree.features.size() != nodes ||
      tree.leaf_samples.size() != nodes + 1) {
    return "the numbers of nodes, cuts, features and leaves do not fit";
  }
  if (!std::all_of(tree.cuts.begin(), tree.cuts.end(),
                   [](float cut) { return std::isfinite(cut); })) {
    return "a cut that is not finite";
  }
  if (std::any_of(tree.features.begin(), tree.features.end(),
                  [&](std::uint32_t feature) { return feature >= features; })) {
    return "a cut on an unknown feature";
  }
  std::uint64_t samples = 0;
  for (const std::uint32_t count : tree.leaf_samples) {
    if (count == 0) return "a leaf without samples";
    samples += count;
  }
  if (samples != subsample) return "leaves that do not add up to the subsample";
  return std::nullopt;
}

}  // namespace promheal::anomaly
