#pragma once

#include <cstddef>
#include <cstdint>

#include "exporter/core/forest/forest_views.h"
#include "exporter/core/forest/packed_trees.h"
#include "exporter/core/forest/path_length.h"
#include "exporter/core/forest/score_kernel.h"

// Walks a row down all trees of a CompactForest. So a cycle scores thousands of targets, whose
// forests are in no cache. This is the source of all row kernels: a file for each instruction set
// includes it and defines vectors of kLanes numbers, a lane a tree, in a struct `Isa`. That is why
// it has an anonymous namespace and uses nothing from the standard library.
namespace promheal::anomaly {
namespace {

#define PROMHEAL_EACH_GROUP _Pragma("GCC unroll 8") for (std::uint32_t g = 0; g < kGroups; ++g)

// kFew: all values of the row fit into a vector.
template <typename Isa, typename Count, bool kFew>
class RowWalk {
 public:
  static std::uint64_t Sum(const CompactView& forest, const float* row) {
    std::uint64_t sum = 0;
    ForGroups(forest, [&]<std::uint32_t kGroups>(std::uint32_t first) {
      sum += SumOf<kGroups>(forest, row, first);
    });
    return sum;
  }

  static void Explain(const CompactView& forest, const float* row, std::int64_t* contributions) {
    ForGroups(forest, [&]<std::uint32_t kGroups>(std::uint32_t first) {
      ExplainTrees<kGroups>(forest, row, first, contributions);
    });
  }

 private:
  using Ints = typename Isa::Ints;
  using Trees = PackedTrees<Isa, Count>;
  static constexpr std::uint32_t kLanes = Isa::kLanes;
  static constexpr std::uint32_t kMaxHeight = 16;

  // Walks Isa::kGroups groups of trees side by side, because each step of a walk waits for the step
  // before it. Trees left for a single group are walked alone.
  template <typename Walk>
  [[gnu::always_inline]] static void ForGroups(const CompactView& forest, Walk walk) {
    constexpr std::uint32_t kTrees = Isa::kGroups * kLanes;
    std::uint32_t first = 0;
    for (; first + kLanes < forest.trees; first += kTrees) {
      walk.template operator()<Isa::kGroups>(first);
    }
    if (first < forest.trees) walk.template operator()<1>(first);
  }

  // Trees left from group g on, if group 0 starts at `first`; 0 if the group only pads with the
  // first tree. Lanes beyond this count are padding, too.
  [[gnu::always_inline]] static std::uint32_t Counted(const CompactView& forest,
                                                      std::uint32_t first, std::uint32_t g) {
    const std::uint32_t begin = first + g * kLanes;
    return begin < forest.trees ? forest.trees - begin : 0;
  }

  template <std::uint32_t kGroups>
  [[gnu::always_inline]] static std::uint64_t SumOf(const CompactView& forest, const float* row,
                                                    std::uint32_t first) {
    Trees tree[kGroups];
    Ints slot[kGroups];
    Ints depth[kGroups];
    PROMHEAL_EACH_GROUP depth[g] = Isa::Fill(0);
    Descend<kGroups>(forest, row, first, tree, slot, [&](std::uint32_t g, const Step& step) {
      depth[g] = Isa::Add(depth[g], step.inner);
    });
    std::uint64_t sum = 0;
    PROMHEAL_EACH_GROUP {
      const Ints leaf = tree[g].Rank(slot[g], tree[g].Inner(slot[g]));
      const Ints samples = Trees::Between(tree[g].Start(leaf), tree[g].Start(NextTo(leaf)));
      const Ints depths = Isa::template ShiftLeft<kPathLengthBits>(depth[g]);
      const Ints length = Isa::Add(depths, Isa::LookUp(forest.path_lengths, samples));
      sum += Isa::SumFirst(Counted(forest, first, g), length);
    }
    return sum;
  }

  // Walks first, because each step of a walk waits for the step before it. Then adds by how much
  // each cut changed the expected path length: the depth plus c(samples in the node).
  template <std::uint32_t kGroups>
  [[gnu::always_inline]] static void ExplainTrees(const CompactView& forest, const float* row,
                                                  std::uint32_t first,
                                                  std::int64_t* contributions) {
    Trees tree[kGroups];
    Ints slot[kGroups];
    Step steps[kMaxHeight * kGroups];
    Step* last = steps;
    Descend<kGroups>(forest, row, first, tree, slot,
                     [&](std::uint32_t, const Step& step) { *last++ = step; });
    PROMHEAL_EACH_GROUP {
      Ints begin = Isa::Fill(0);  // The node's samples are [begin, end); past the leaf, the leaf's.
      Ints end = Isa::Fill(forest.subsample);
      Ints expected = Isa::Fill(forest.path_lengths[forest.subsample]);
      for (const Step* step = steps + g; step < last; step += kGroups) {
        const Ints right = Isa::And(step->right, Isa::AllOnesIf(step->inner));
        const Ints middle = tree[g].Start(NextTo(step->node));
        begin = Isa::Select(right, middle, begin);
        end = Isa::Select(right, end, middle);
        const Ints next = Isa::LookUp(forest.path_lengths, Trees::Between(begin, end));
        const Ints down = Isa::template ShiftLeft<kPathLengthBits>(step->inner);
        const Ints change = Isa::Sub(Isa::Add(down, next), expected);
        Isa::AddFirst(Counted(forest, first, g), change, step->feature, contributions);
        expected = next;
      }
    }
  }

  // A step of the walks of a group: the nodes that they are at, and whether they go right.
  struct Step {
    Ints node;
    Ints feature;
    Ints inner;  // 1, or 0 past the leaf.
    Ints right;  // All ones, or 0.
  };

  // Walks down kGroups vectors of trees. Afterwards the rank of slot[g] is the number of the leaf.
  template <std::uint32_t kGroups, typename Visit>
  [[gnu::always_inline]] static void Descend(const CompactView& forest, const float* row,
                                             std::uint32_t first, Trees (&tree)[kGroups],
                                             Ints (&slot)[kGroups], Visit visit) {
    PROMHEAL_EACH_GROUP {
      tree[g] = Trees(forest, Counted(forest, first, g) > 0 ? first + g * kLanes : 0);
      slot[g] = Isa::Fill(RootSlot(forest.height));
    }
    Prefetch prefetch(forest, first, kGroups * kLanes);
    ForLevels(forest.height, [&](std::uint32_t left_span, std::uint32_t width) {
      prefetch.Next();
      PROMHEAL_EACH_GROUP {
        const Ints inner = tree[g].Inner(slot[g]);
        const Ints node = tree[g].Rank(slot[g], inner);
        const Ints feature = tree[g].Feature(node);
        const Ints right = Isa::template Exceeds<kFew>(row, feature, tree[g].Cut(node));
        visit(g, Step{node, feature, tree[g].IsInner(slot[g], inner), right});
        slot[g] =
            Isa::Add(Isa::Sub(slot[g], Isa::Fill(left_span)), Isa::And(right, Isa::Fill(width)));
      }
    });
  }

  [[gnu::always_inline]] static Ints NextTo(Ints leaf) { return Isa::Add(leaf, Isa::Fill(1)); }

  // Runs step(left_span, width) for every level: the left child's slot is left_span before the
  // node's, the right child's is `width` after the left child's. From the lowest level, a walk to
  // the right ends at the next slot, so that the leaf's rank counts the node it comes from.
  template <typename Step>
  [[gnu::always_inline]] static void ForLevels(std::uint32_t height, Step step) {
    if (height == 0) return;
    for (std::uint32_t span = RootSpan(height); span > 0; span /= 2) step(span, 2 * span);
    step(0, 1);
  }

  // Prefetches the next trees, a part at every level of the walk. They follow in memory, but the
  // processor's own prefetching starts too late, and fetching all at once is too much.
  class Prefetch {
   public:
    [[gnu::always_inline]] Prefetch(const CompactView& forest, std::uint32_t first,
                                    std::uint32_t trees)
        : at_(forest.bytes + Offset(forest, first + trees)),
          end_(forest.bytes + Offset(forest, first + 2 * trees)),
          part_((end_ - at_) / (forest.height + 1) + 64) {}

    [[gnu::always_inline]] void Next() {
      const unsigned char* const until = end_ - at_ > part_ ? at_ + part_ : end_;
      for (; at_ < until; at_ += 64) __builtin_prefetch(at_);
    }

   private:
    [[gnu::always_inline]] static std::uint32_t Offset(const CompactView& forest,
                                                       std::uint32_t tree) {
      return tree < forest.trees ? forest.offsets[tree] : forest.size;
    }

    const unsigned char* at_;
    const unsigned char* end_;
    std::ptrdiff_t part_;
  };
};

#undef PROMHEAL_EACH_GROUP

template <typename Isa, typename Count>
RowLoops LoopsFor(const CompactView& forest) {
  using Few = RowWalk<Isa, Count, true>;
  using Many = RowWalk<Isa, Count, false>;
  return (1u << forest.feature_bits) <= Isa::kLanes ? RowLoops{Few::Sum, Few::Explain}
                                                    : RowLoops{Many::Sum, Many::Explain};
}

template <typename Isa>
RowLoops LoopsFor(const CompactView& forest) {
  return forest.subsample <= kNarrowCounts ? LoopsFor<Isa, std::uint8_t>(forest)
                                           : LoopsFor<Isa, std::uint16_t>(forest);
}

template <typename Isa>
std::uint64_t SumRow(const CompactView& forest, const float* row) {
  return LoopsFor<Isa>(forest).sum(forest, row);
}

template <typename Isa>
void ExplainRow(const CompactView& forest, const float* row, std::int64_t* contributions) {
  LoopsFor<Isa>(forest).explain(forest, row, contributions);
}

}  // namespace
}  // namespace promheal::anomaly
