#pragma once

#include <cstddef>
#include <cstdint>

#include "exporter/core/forest/forest_views.h"
#include "exporter/core/forest/packed_tree.h"
#include "exporter/core/forest/path_length.h"

// One row down all trees of a forest at rest: how a cycle scores each of thousands of targets,
// whose forests are in no cache. Included by a file for each instruction set; hence the anonymous
// namespace, and nothing from the standard library.
namespace promheal::anomaly {
namespace {

// For trees that are walked side by side, since each step of a walk waits for the one before.
#define PROMHEAL_EACH_TREE _Pragma("GCC unroll 8") for (std::uint32_t i = 0; i < kTrees; ++i)

template <typename Count, std::uint32_t kHeight>
class RowWalk {
 public:
  static std::uint64_t SumPathLengths(const CompactView& forest, const float* row) {
    constexpr std::uint32_t kTrees = 8;
    std::uint64_t sum = 0;
    for (std::uint32_t first = 0; first < forest.trees; first += kTrees) {
      Prefetch(forest, first + kTrees, first + 2 * kTrees);
      Tree tree[kTrees];
      std::size_t slot[kTrees];
      std::uint32_t depth[kTrees];
      PROMHEAL_EACH_TREE {
        tree[i] = Open(forest, first + i);
        slot[i] = RootSlot(forest.height);
        depth[i] = 0;
      }
      ForLevels(forest.height, [&](std::size_t left_span, std::size_t width) {
        PROMHEAL_EACH_TREE {
          const std::size_t node = tree[i].Rank(slot[i]);
          const bool right = row[tree[i].Feature(node)] > tree[i].Cut(node);
          depth[i] += tree[i].IsInner(slot[i]);
          slot[i] += If(right, width) - left_span;
        }
      });
      for (std::uint32_t i = 0; i < kTrees && first + i < forest.trees; ++i) {
        const std::size_t leaf = tree[i].Rank(slot[i]);
        const std::uint32_t samples = tree[i].Between(tree[i].Start(leaf), tree[i].Start(leaf + 1));
        sum += (depth[i] << kPathLengthBits) + forest.path_lengths[samples];
      }
    }
    return sum;
  }

  // Adds to contributions[f] by how much the cuts on feature f changed the path length to expect
  // from the number of samples that are still beside the row.
  static void Explain(const CompactView& forest, const float* row, std::int64_t* contributions) {
    constexpr std::uint32_t kTrees = 8;
    const std::uint32_t* path_lengths = forest.path_lengths;
    for (std::uint32_t first = 0; first < forest.trees; first += kTrees) {
      Prefetch(forest, first + kTrees, first + 2 * kTrees);
      Tree tree[kTrees];
      std::size_t slot[kTrees];
      Count begin[kTrees];  // The samples still beside the row; past the leaf, the leaf's own.
      Count end[kTrees];
      std::uint32_t expected[kTrees];  // c of how many they are.
      std::int64_t counted[kTrees];    // 1, or 0 for a tree walked before.
      PROMHEAL_EACH_TREE {
        tree[i] = Open(forest, first + i);
        slot[i] = RootSlot(forest.height);
        begin[i] = 0;
        end[i] = static_cast<Count>(forest.subsample);
        expected[i] = path_lengths[forest.subsample];
        counted[i] = first + i < forest.trees ? 1 : 0;
      }
      ForLevels(forest.height, [&](std::size_t left_span, std::size_t width) {
        PROMHEAL_EACH_TREE {
          const std::size_t node = tree[i].Rank(slot[i]);
          const std::size_t feature = tree[i].Feature(node);
          const bool inner = tree[i].IsInner(slot[i]);
          const bool right = inner & (row[feature] > tree[i].Cut(node));
          const Count middle = tree[i].Start(node + 1);
          const Count if_right = static_cast<Count>(0 - right);
          begin[i] ^= (begin[i] ^ middle) & if_right;
          end[i] = middle ^ ((middle ^ end[i]) & if_right);
          const std::uint32_t next = path_lengths[Tree::Between(begin[i], end[i])];
          const std::uint32_t change =
              (std::uint32_t{inner} << kPathLengthBits) + next - expected[i];
          contributions[feature] += static_cast<std::int32_t>(change) * counted[i];
          expected[i] = next;
          slot[i] += If(right, width) - left_span;
        }
      });
    }
  }

 private:
  using Tree = PackedTree<Count, kHeight>;

  // Past the last tree the first is walked once more, and not counted.
  [[gnu::always_inline]] static Tree Open(const CompactView& forest, std::uint32_t number) {
    return Tree(forest, number < forest.trees ? number : 0);
  }

  // `value` or 0, without a branch, which would be a coin toss.
  [[gnu::always_inline]] static std::size_t If(bool condition, std::size_t value) {
    return value & (0 - std::size_t{condition});
  }

  // Trees follow each other in memory, yet the processor's own guess comes too late.
  [[gnu::always_inline]] static void Prefetch(const CompactView& forest, std::uint32_t first,
                                              std::uint32_t end) {
    if (end > forest.trees) return;
    for (std::uint32_t at = forest.offsets[first]; at < forest.offsets[end]; at += 64) {
      __builtin_prefetch(forest.bytes + at);
    }
  }

  // step(left_span, width) for every level: the left child's slot is left_span before, the right
  // one `width` after that. From the lowest level a walk to the right ends at the next slot, whose
  // rank is the leaf's.
  template <typename Step>
  [[gnu::always_inline]] static void ForLevels(std::uint32_t height, Step step) {
    if (height == 0) return;
    for (std::size_t span = RootSpan(height); span > 0; span /= 2) step(span, 2 * span);
    step(0, 1);
  }
};

#undef PROMHEAL_EACH_TREE

std::uint64_t SumRow(const CompactView& forest, const float* row) {
  if (forest.subsample > kNarrowCounts) {
    return RowWalk<std::uint16_t, kAnyHeight>::SumPathLengths(forest, row);
  }
  return forest.height == 8 ? RowWalk<std::uint8_t, 8>::SumPathLengths(forest, row)
                            : RowWalk<std::uint8_t, kAnyHeight>::SumPathLengths(forest, row);
}

void ExplainRow(const CompactView& forest, const float* row, std::int64_t* contributions) {
  if (forest.subsample > kNarrowCounts) {
    return RowWalk<std::uint16_t, kAnyHeight>::Explain(forest, row, contributions);
  }
  return forest.height == 8
             ? RowWalk<std::uint8_t, 8>::Explain(forest, row, contributions)
             : RowWalk<std::uint8_t, kAnyHeight>::Explain(forest, row, contributions);
}

}  // namespace
}  // namespace promheal::anomaly
