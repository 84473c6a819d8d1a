#include "exporter/core/forest/tree_grower.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace promheal::anomaly {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

// Infinite values become the nearest finite one of the column, so that cuts stay finite.
void ClampInfinite(float* column, std::uint32_t count) {
  float low = kInfinity;
  float high = -kInfinity;
  bool infinite = false;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (std::isfinite(column[i])) {
      low = std::min(low, column[i]);
      high = std::max(high, column[i]);
    } else if (!std::isnan(column[i])) {
      infinite = true;
    }
  }
  if (!infinite) return;
  if (low > high) low = high = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (column[i] == kInfinity) column[i] = high;
    if (column[i] == -kInfinity) column[i] = low;
  }
}

}  // namespace

std::uint32_t HeightLimit(std::uint32_t subsample) {
  return static_cast<std::uint32_t>(std::bit_width(subsample - 1));
}

TreeGrower::TreeGrower(const Samples& samples, std::span<const FeatureScale> scales,
                       std::uint32_t subsample, std::uint64_t seed)
    : samples_(samples),
      scales_(scales),
      subsample_(subsample),
      seed_(seed),
      drawn_(subsample),
      table_(std::bit_ceil(std::size_t{subsample} * 2)),
      columns_(std::size_t{subsample} * scales.size()),
      order_(subsample),
      spare_(subsample),
      features_(scales.size()) {
  assert(subsample >= 1 && subsample <= samples.rows());
}

Tree TreeGrower::Grow(std::uint32_t tree_number) {
  Random random(seed_, tree_number);
  DrawSubsample(random);
  GatherColumns();
  std::iota(order_.begin(), order_.end(), 0u);
  std::iota(features_.begin(), features_.end(), 0u);
  Tree tree(1);
  GrowNode(tree, 0, {0, subsample_}, 0, static_cast<std::uint32_t>(features_.size()), random);
  return tree;
}

// Floyd's sampling without replacement (Bentley, Floyd 1987): psi draws, whatever the rows.
void TreeGrower::DrawSubsample(Random& random) {
  std::fill(table_.begin(), table_.end(), kFree);
  const std::size_t mask = table_.size() - 1;
  const auto insert = [&](std::uint32_t row) {
    std::size_t slot = (row * 0x9e3779b1u) & mask;
    for (; table_[slot] != kFree; slot = (slot + 1) & mask) {
      if (table_[slot] == row) return false;
    }
    table_[slot] = row;
    return true;
  };
  const auto rows = static_cast<std::uint32_t>(samples_.rows());
  for (std::uint32_t i = 0; i < subsample_; ++i) {
    const std::uint32_t last = rows - subsample_ + i;
    const std::uint32_t row = random.Below(last + 1);
    drawn_[i] = insert(row) ? row : last;
    if (drawn_[i] == last) insert(last);
  }
}

void TreeGrower::GatherColumns() {
  float* column = columns_.data();
  for (std::size_t feature = 0; feature < scales_.size(); ++feature, column += subsample_) {
    for (std::uint32_t i = 0; i < subsample_; ++i) {
      column[i] = scales_[feature].Apply(samples_(drawn_[i], static_cast<Eigen::Index>(feature)));
    }
    ClampInfinite(column, subsample_);
  }
}

void TreeGrower::GrowNode(Tree& tree, std::uint32_t node, Slice slice, std::uint32_t depth,
                          std::uint32_t varying, Random& random) {
  tree[node].samples = slice.end - slice.begin;
  Cut cut;
  if (slice.end - slice.begin <= 1 || depth == HeightLimit(subsample_) ||
      !DrawCut(slice, varying, random, cut)) {
    return;
  }
  const std::uint32_t middle = Partition(slice, cut, random);
  const auto left = static_cast<std::uint32_t>(tree.size());
  tree.resize(tree.size() + 2);
  tree[node] = {cut.feature, cut.value, left, left + 1, tree[node].samples};
  GrowNode(tree, left, {slice.begin, middle}, depth + 1, varying, random);
  GrowNode(tree, left + 1, {middle, slice.end}, depth + 1, varying, random);
}

// The first `varying` of features_ may vary here; one found constant is swapped behind them, where
// this node's children will not meet it again.
bool TreeGrower::DrawCut(Slice slice, std::uint32_t& varying, Random& random, Cut& cut) {
  while (varying > 0) {
    const std::uint32_t place = random.Below(varying);
    const std::uint32_t feature = features_[place];
    const float* column = Column(feature);
    float low = kInfinity;
    float high = -kInfinity;
    for (std::uint32_t i = slice.begin; i < slice.end; ++i) {
      const float value = column[order_[i]];  // A NaN fails both comparisons.
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
    if (low < high) {
      const double inside = low + random.Unit() * (static_cast<double>(high) - low);
      const auto value = static_cast<float>(inside);
      cut = {feature, value < high ? value : low};  // Rounding may reach the upper end.
      return true;
    }
    std::swap(features_[place], features_[--varying]);
  }
  return false;
}

// Stable; returns where the right side begins. Both sides get at least one sample.
std::uint32_t TreeGrower::Partition(Slice slice, Cut cut, Random& random) {
  const float* column = Column(cut.feature);
  std::uint32_t left = slice.begin;
  std::uint32_t right = 0;
  std::uint32_t missing = 0;
  for (std::uint32_t i = slice.begin; i < slice.end; ++i) {
    const float value = column[order_[i]];
    if (value <= cut.value) {
      order_[left++] = order_[i];
    } else if (value > cut.value) {
      spare_[right++] = order_[i];
    } else {
      spare_[subsample_ - ++missing] = order_[i];
    }
  }
  const std::uint32_t present = left - slice.begin + right;
  const std::uint32_t present_left = left - slice.begin;
  for (std::uint32_t i = 0; i < missing; ++i) {
    const std::uint32_t sample = spare_[subsample_ - 1 - i];
    if (random.Below(present) < present_left) {
      order_[left++] = sample;
    } else {
      spare_[right++] = sample;
    }
  }
  std::copy_n(spare_.begin(), right, order_.begin() + left);
  return left;
}

}  // namespace promheal::anomaly
