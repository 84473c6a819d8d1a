#include "exporter/core/forest/tree_grower.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace promheal::anomaly {
namespace {

constexpr float kLargest = std::numeric_limits<float>::max();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct Range {
  float low = kInfinity;
  float high = -kInfinity;

  void Include(float value) {
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
};

// The range of the finite values. NaN fails every comparison, so it never counts. If a value is
// infinite, a second pass leaves it out.
Range RangeOf(std::span<const float> values) {
  constexpr std::size_t kLanes =
      4;  // Side by side, because each comparison waits for the last one.
  Range lanes[kLanes];
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane].Include(values[i + lane]);
  }
  for (; i < values.size(); ++i) lanes[0].Include(values[i]);
  Range range;
  for (const Range& lane : lanes) {
    range.low = std::min(range.low, lane.low);
    range.high = std::max(range.high, lane.high);
  }
  if (range.low >= -kLargest && range.high <= kLargest) return range;
  range = {};
  for (const float value : values) {
    if (std::isfinite(value)) range.Include(value);
  }
  return range;
}

}  // namespace

TreeGrower::TreeGrower(const Samples& samples, std::span<const FeatureScale> scales,
                       std::uint32_t subsample, std::uint64_t seed)
    : samples_(samples),
      scales_(scales),
      subsample_(subsample),
      seed_(seed),
      rows_(subsample),
      values_(subsample),
      right_(subsample),
      missing_(subsample),
      drawn_(std::bit_ceil(std::size_t{subsample} * 2)),
      features_(scales.size()) {
  assert(subsample >= 1 && subsample <= samples.rows());
}

Tree TreeGrower::Grow(std::uint32_t tree_number) {
  Random random(seed_, tree_number);
  DrawSubsample(random);
  std::iota(features_.begin(), features_.end(), 0u);
  Tree tree(HeightLimit(subsample_));
  const Node root{0, subsample_, RootSlot(tree.height), RootSpan(tree.height)};
  GrowNode(tree, root, tree.height, static_cast<std::uint32_t>(features_.size()), random);
  return tree;
}

// Floyd's sampling without replacement (Bentley, Floyd 1987): psi draws for any number of rows.
void TreeGrower::DrawSubsample(Random& random) {
  constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();
  std::fill(drawn_.begin(), drawn_.end(), kFree);
  const std::size_t mask = drawn_.size() - 1;
  const auto insert = [&](std::uint32_t row) {
    std::size_t place = (row * 0x9e3779b1u) & mask;
    for (; drawn_[place] != kFree; place = (place + 1) & mask) {
      if (drawn_[place] == row) return false;
    }
    drawn_[place] = row;
    return true;
  };
  const auto rows = static_cast<std::uint32_t>(samples_.rows());
  for (std::uint32_t i = 0; i < subsample_; ++i) {
    const std::uint32_t last = rows - subsample_ + i;
    const std::uint32_t row = random.Below(last + 1);
    rows_[i] = insert(row) ? row : last;
    if (rows_[i] != row) insert(last);
  }
}

// Appends to the tree from left to right: the left subtree, this node, the right subtree.
void TreeGrower::GrowNode(Tree& tree, const Node& node, std::uint32_t levels, std::uint32_t varying,
                          Random& random) {
  Cut cut;
  if (levels == 0 || node.samples() <= 1 || !DrawCut(node, varying, random, cut)) {
    tree.leaf_samples.push_back(node.samples());
    return;
  }
  const std::uint32_t middle = Partition(node, cut.value, random);
  const Node left{node.begin, middle, node.slot - node.span, node.span / 2};
  const Node right{middle, node.end, node.slot + node.span, node.span / 2};
  GrowNode(tree, left, levels - 1, varying, random);
  tree.MarkInner(node.slot);
  tree.features.push_back(cut.feature);
  tree.cuts.push_back(cut.value);
  GrowNode(tree, right, levels - 1, varying, random);
}

// The first `varying` features of features_ may vary in this node. A feature found constant is
// swapped behind them, so the node's children do not try it again.
bool TreeGrower::DrawCut(const Node& node, std::uint32_t& varying, Random& random, Cut& cut) {
  const std::span<float> values(values_.data() + node.begin, node.samples());
  while (varying > 0) {
    const std::uint32_t place = random.Below(varying);
    const std::uint32_t feature = features_[place];
    const FeatureScale scale = scales_[feature];
    const double* column = samples_.col(feature).data();
    for (std::uint32_t i = 0; i < values.size(); ++i) {
      values[i] = scale.Apply(column[rows_[node.begin + i]]);
    }
    const Range range = RangeOf(values);
    if (range.low < range.high) {
      const double width = static_cast<double>(range.high) - range.low;
      const auto value = static_cast<float>(range.low + random.Unit() * width);
      cut = {feature, value < range.high ? value : range.low};  // Rounding may reach range.high.
      return true;
    }
    std::swap(features_[place], features_[--varying]);
  }
  return false;
}

// Partitions the node's rows, keeping their order. Returns where the right side begins. Both sides
// get at least one sample.
std::uint32_t TreeGrower::Partition(const Node& node, float cut, Random& random) {
  std::uint32_t left = node.begin;
  std::uint32_t right = 0;
  std::uint32_t missing = 0;
  for (std::uint32_t i = node.begin; i < node.end; ++i) {
    const float value = values_[i];
    const std::uint32_t row = rows_[i];
    rows_[left] = row;
    right_[right] = row;
    missing_[missing] = row;
    left += value <= cut;
    right += value > cut;
    missing += value != value;
  }
  const std::uint32_t present_left = left - node.begin;
  const std::uint32_t present = present_left + right;
  for (std::uint32_t i = 0; i < missing; ++i) {
    const bool to_left = random.Below(present) < present_left;
    (to_left ? rows_[left++] : right_[right++]) = missing_[i];
  }
  std::copy_n(right_.begin(), right, rows_.begin() + left);
  return left;
}

}  // namespace promheal::anomaly
