#pragma once

#include <cstddef>
#include <cstdint>

#include "exporter/core/forest/forest_views.h"
#include "exporter/core/forest/score_kernel.h"

// Walks many rows down all trees of a HeapForest. This is the source of all block kernels: a file
// for each instruction set includes it and defines vectors and table reads in a struct `Isa`. That
// is why it has an anonymous namespace and uses nothing from the standard library.
//
// An Isa has vectors of kLanes codes (Codes), the result of comparing two of them (Mask), and
// vectors of kFloats floats and of kFloats places (Floats, Places). Only its own StoreCodes,
// LoadFrom and AddLeaves know which lane holds which row of a group of kLanes.
namespace promheal::anomaly {
namespace {

// Runs step<level> for each level from `from` up to `height`, exclusive. Levels from kStatic on run
// step<kStatic>.
template <int kStatic, int kLevel = 0, typename Step>
[[gnu::always_inline]] inline void ForLevels(std::uint32_t from, std::uint32_t height, Step step) {
  if constexpr (kLevel < kStatic) {
    if (kLevel >= height) return;
    if (kLevel >= from) step.template operator()<kLevel>();
    ForLevels<kStatic, kLevel + 1>(from, height, step);
  } else {
    for (int level = kStatic; level < static_cast<int>(height); ++level) {
      step.template operator()<kStatic>();
    }
  }
}

#define PROMHEAL_EACH_GROUP _Pragma("GCC unroll 8") for (std::size_t g = 0; g < kGroups; ++g)

template <typename Isa>
class BlockWalk {
 public:
  static bool SumBlock(const HeapView& forest, const RowBlock& block, std::int16_t* codes,
                       std::uint32_t* sums) {
    bool missing = false;
    for (std::uint32_t f = 0; f < forest.feature_count; ++f) {
      missing |= EncodeColumn(forest.features[f], block.values + f * block.stride, block.rows,
                              codes + std::size_t{f} * forest.block_rows);
    }
    const std::size_t inner_places = std::size_t{1} << forest.height;
    for (std::size_t tree = 0; tree < forest.trees; ++tree) {
      const Heap heap{.cuts = forest.cuts + tree * forest.table,
                      .columns = forest.columns + tree * forest.table,
                      .leaves = forest.leaves + tree * inner_places,
                      .height = forest.height};
      if (Isa::kParityFeatures > 0 && forest.by_parity) {
        WalkByParity<1>(forest.feature_count, heap, codes, forest.block_rows, block.rows, sums);
      } else {
        WalkByColumn(heap, codes, block.rows, sums);
      }
    }
    return missing;
  }

 private:
  using Codes = typename Isa::Codes;
  using Mask = typename Isa::Mask;
  using Floats = typename Isa::Floats;
  using Places = typename Isa::Places;
  static constexpr std::size_t kLanes = Isa::kLanes;

  struct Heap {
    const std::int16_t* cuts;
    const std::uint16_t* columns;
    const std::uint32_t* leaves;
    std::uint32_t height;
  };

  // Turns a feature's values into codes: each value walks down the search tree of the feature's
  // cuts. Returns whether any value is missing.
  static bool EncodeColumn(const CodedFeature& feature, const double* values, std::size_t rows,
                           std::int16_t* codes) {
    constexpr std::size_t kGroups = 4;
    constexpr std::size_t kFloats = Isa::kFloats;
    const std::int32_t to_code = feature.first_code - (std::int32_t{1} << feature.height);
    bool missing = false;
    for (std::size_t r = 0; r < rows; r += kGroups * kFloats) {
      Floats value[kGroups];
      Places place[kGroups];
      PROMHEAL_EACH_GROUP {
        value[g] = Isa::Scale(values + r + g * kFloats, feature.centre, feature.scale);
        missing |= Isa::AnyMissing(value[g]);
        place[g] = Isa::FirstPlace();
      }
      ForLevels<Isa::kStaticLevels>(0, feature.height, [&]<int kLevel>() {
        PROMHEAL_EACH_GROUP {
          const Floats cut = Isa::template LookUpCut<kLevel>(feature.search_tree, place[g]);
          place[g] = Isa::Down(place[g], value[g], cut);
        }
      });
      for (std::size_t g = 0; g < kGroups; g += kLanes / kFloats) {
        Isa::StoreCodes(codes + r + g * kFloats, place + g, to_code);
      }
    }
    return missing;
  }

  // Makes the number of features a constant, up to kParityFeatures.
  template <std::uint32_t kFeatures>
  static void WalkByParity(std::uint32_t features, const Heap& heap, const std::int16_t* codes,
                           std::size_t distance, std::size_t rows, std::uint32_t* sums) {
    if constexpr (kFeatures < Isa::kParityFeatures) {
      if (features > kFeatures) {
        return WalkByParity<kFeatures + 1>(features, heap, codes, distance, rows, sums);
      }
    }
    constexpr std::size_t kGroups = Isa::kGroups;
    for (std::size_t r = 0; r < rows; r += kGroups * kLanes) {
      const std::int16_t* group = codes + r;
      Codes place[kGroups];
      const std::uint32_t from = WalkTop(heap, group, place);
      ForLevels<Isa::kStaticLevels>(from, heap.height, [&]<int kLevel>() {
        PROMHEAL_EACH_GROUP {
          const auto cut = Isa::template LookUp<kLevel>(heap.cuts, place[g]);
          const std::int16_t* column = group + g * kLanes;
          Mask right = Isa::Greater(Isa::Load(column), cut);
#pragma GCC unroll 8
          for (std::uint32_t f = 1; f < kFeatures; ++f) {
            right = Isa::Xor(right, Isa::Greater(Isa::Load(column + f * distance), cut));
          }
          place[g] = Isa::Down(place[g], right);
        }
      });
      PROMHEAL_EACH_GROUP Isa::AddLeaves(heap.leaves, place[g], sums + r + g * kLanes);
    }
  }

  static void WalkByColumn(const Heap& heap, const std::int16_t* codes, std::size_t rows,
                           std::uint32_t* sums) {
    constexpr std::size_t kGroups = Isa::kGroups;
    for (std::size_t r = 0; r < rows; r += kGroups * kLanes) {
      const std::int16_t* group = codes + r;
      Codes place[kGroups];
      const std::uint32_t from = WalkTop(heap, group, place);
      ForLevels<Isa::kStaticLevels>(from, heap.height, [&]<int kLevel>() {
        PROMHEAL_EACH_GROUP {
          const auto cut = Isa::template LookUp<kLevel>(heap.cuts, place[g]);
          const auto column = Isa::template LookUp<kLevel>(heap.columns, place[g]);
          const auto value = Isa::LoadFrom(group + g * kLanes, column);
          place[g] = Isa::Down(place[g], Isa::Greater(value, cut));
        }
      });
      PROMHEAL_EACH_GROUP Isa::AddLeaves(heap.leaves, place[g], sums + r + g * kLanes);
    }
  }

  // The top three levels have seven nodes, whose columns are known. Comparing with all seven is
  // cheaper than looking up the three on the way. Returns the level to continue from.
  template <std::size_t kGroups>
  [[gnu::always_inline]] static std::uint32_t WalkTop(const Heap& heap, const std::int16_t* group,
                                                      Codes (&place)[kGroups]) {
    if constexpr (Isa::kComparesTop) {
      if (heap.height >= kTopLevels) {
        PROMHEAL_EACH_GROUP place[g] = ThreeLevelsDown(heap, group + g * kLanes);
        return kTopLevels;
      }
    }
    PROMHEAL_EACH_GROUP place[g] = Isa::Fill(1);
    return 0;
  }

  [[gnu::always_inline]] static Codes ThreeLevelsDown(const Heap& heap, const std::int16_t* group) {
    const auto right = [&](std::size_t place) {
      return Isa::Greater(Isa::Load(group + heap.columns[place]), Isa::Fill(heap.cuts[place]));
    };
    const Mask first = right(1);
    const Mask left_second = right(2);
    const Mask right_second = right(3);
    const Mask second = Isa::Select(first, right_second, left_second);
    const Mask third = Isa::Select(first, Isa::Select(right_second, right(7), right(6)),
                                   Isa::Select(left_second, right(5), right(4)));
    return Isa::Down(Isa::Down(Isa::Down(Isa::Fill(1), first), second), third);
  }
};

#undef PROMHEAL_EACH_GROUP

}  // namespace
}  // namespace promheal::anomaly
