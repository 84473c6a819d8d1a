#include "exporter/core/forest/heap_forest.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

namespace promheal::anomaly {
namespace {

// Few enough rows that a block's codes, sums and scores stay in the first-level cache.
std::uint32_t BlockRows(std::size_t features) {
  constexpr std::size_t kCodes = 12'288;
  constexpr std::size_t kMultiple = kRowMultiple;
  return static_cast<std::uint32_t>(
      std::clamp(kCodes / features / kMultiple * kMultiple, kMultiple, 8 * kMultiple));
}

// The trees from `first` on, as many as codes and sums have room for.
std::vector<Tree> TreesFrom(const CompactForest& forest, std::uint32_t first) {
  const std::uint64_t longest = (std::uint64_t{forest.height()} << kPathLengthBits) +
                                forest.View().path_lengths[forest.subsample()];
  const std::uint64_t most = std::numeric_limits<std::uint32_t>::max() / longest;
  std::vector<Tree> trees;
  std::size_t codes = forest.features();
  for (std::uint32_t number = first; number < forest.trees() && trees.size() < most; ++number) {
    Tree tree = forest.At(number);
    codes += tree.cuts.size();
    if (codes > CutCodes::kMaxCutsAndFeatures && !trees.empty()) break;
    trees.push_back(std::move(tree));
  }
  return trees;
}

// Sets numbers[slot] for each slot with an inner node: its number from left to right.
void NumberSlots(const Tree& tree, std::vector<std::uint16_t>& numbers) {
  std::uint16_t next = 0;
  for (std::size_t word = 0; word < tree.inner.size(); ++word) {
    for (std::uint32_t left = tree.inner[word]; left != 0; left &= left - 1) {
      numbers[word * 32 + static_cast<std::size_t>(std::countr_zero(left))] = next++;
    }
  }
}

// The first level whose nodes may exchange their children. Kernels walk the top levels by column,
// if the tree has that many, and need no parity there.
std::uint32_t ExchangeFrom(std::uint32_t height, bool by_parity) {
  if (!by_parity) return height;
  return height < kTopLevels ? 0 : kTopLevels;
}

// Copies a tree into its heap. Unused places keep a cut that no value exceeds.
struct HeapFiller {
  struct Node {
    std::uint32_t slot;
    std::uint32_t span;
    std::uint32_t depth;
  };

  const Tree& tree;
  std::span<const std::uint16_t> numbers;  // The number of the inner node in each slot.
  const std::int16_t* codes;               // Codes of the tree's cuts.
  const std::uint32_t* path_lengths;
  std::uint32_t features;
  std::uint32_t block_rows;
  std::uint32_t exchange_from;  // The first level whose nodes may exchange their children.
  std::int16_t* cuts;
  std::uint16_t* columns;
  std::uint32_t* leaves;
  std::uint32_t leaf = 0;  // The next leaf from the left.

  void Fill(std::uint32_t place, const Node& node) {
    const std::uint32_t levels = tree.height - node.depth;
    if (levels == 0 || !tree.IsInner(node.slot)) {
      const std::uint32_t length =
          (node.depth << kPathLengthBits) + path_lengths[tree.leaf_samples[leaf++]];
      std::fill_n(leaves + (std::size_t{place} << levels), std::size_t{1} << levels, length);
      return;
    }
    const std::uint32_t number = numbers[node.slot];
    const std::uint32_t feature = tree.features[number];
    const std::uint32_t exchanged = node.depth >= exchange_from ? (features - 1 - feature) & 1 : 0;
    cuts[place] = codes[number];
    columns[place] = static_cast<std::uint16_t>(feature * block_rows);
    Fill(2 * place + exchanged, {node.slot - node.span, node.span / 2, node.depth + 1});
    Fill(2 * place + 1 - exchanged, {node.slot + node.span, node.span / 2, node.depth + 1});
  }
};

}  // namespace

HeapForest::HeapForest(const CompactForest& forest, std::span<const FeatureScale> scales,
                       std::uint32_t first, bool by_parity)
    : height_(forest.height()),
      table_(std::max(kSmallestTable, 1u << height_)),
      block_rows_(BlockRows(scales.size())),
      by_parity_(by_parity) {
  assert(Fits(forest) && first < forest.trees());
  const std::vector<Tree> trees = TreesFrom(forest, first);
  CutCodes coded(trees, scales);
  features_ = std::move(coded.features);
  search_trees_ = std::move(coded.search_trees);
  trees_ = static_cast<std::uint32_t>(trees.size());
  const std::size_t places = std::size_t{trees_} * table_ + 1;  // Gathers read one place further.
  cuts_ = AlignedArray<std::int16_t>(places);
  columns_ = AlignedArray<std::uint16_t>(places);
  leaves_ = AlignedArray<std::uint32_t>((std::size_t{trees_} + 1) << height_);
  std::fill_n(cuts_.data(), cuts_.size(), CutCodes::kNeverExceeded);
  const std::int16_t* codes = coded.codes.data();
  std::vector<std::uint16_t> numbers(std::size_t{1} << height_);
  for (std::uint32_t number = 0; number < trees_; ++number) {
    NumberSlots(trees[number], numbers);
    HeapFiller filler{.tree = trees[number],
                      .numbers = numbers,
                      .codes = codes,
                      .path_lengths = forest.View().path_lengths,
                      .features = forest.features(),
                      .block_rows = block_rows_,
                      .exchange_from = ExchangeFrom(height_, by_parity_),
                      .cuts = cuts_.data() + std::size_t{number} * table_,
                      .columns = columns_.data() + std::size_t{number} * table_,
                      .leaves = leaves_.data() + (std::size_t{number} << height_)};
    filler.Fill(1, {RootSlot(height_), RootSpan(height_), 0});
    codes += trees[number].cuts.size();
  }
}

HeapView HeapForest::View() const {
  return {.features = features_.data(),
          .cuts = cuts_.data(),
          .columns = columns_.data(),
          .leaves = leaves_.data(),
          .feature_count = static_cast<std::uint32_t>(features_.size()),
          .trees = trees_,
          .height = height_,
          .table = table_,
          .block_rows = block_rows_,
          .by_parity = by_parity_};
}

}  // namespace promheal::anomaly
