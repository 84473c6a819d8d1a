#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "exporter/core/forest/aligned_array.h"
#include "exporter/core/forest/compact_forest.h"
#include "exporter/core/forest/cut_codes.h"
#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// A forest laid out for scoring many rows: perfect heaps of codes (cut_codes.h). Every tree has
// 2^height - 1 inner places, root at 1, the children of place i at 2i and 2i + 1; a leaf that ends
// early is repeated below. A row takes `height` steps, place = 2 place + right, without a branch.
//
// By parity: with few features, the one that a node asks for need not be looked up. Bands of codes
// ascend with the feature, so a cut on feature f is exceeded by every value of a later feature and
// by none of an earlier one: the exclusive or of the comparisons with all values is the one with
// feature f, inverted where the number of later features is odd. Such nodes have their children
// exchanged.
class HeapForest {
 public:
  static constexpr std::uint32_t kMaxHeight = 12;
  static constexpr std::uint32_t kMaxFeatures = 256;

  // What fits neither is scored row by row; a perfect heap would mostly be repetition.
  static bool Fits(const CompactForest& forest) {
    return forest.height() >= 1 && forest.height() <= kMaxHeight &&
           forest.features() <= kMaxFeatures;
  }

  // Trees from `first` on, as many as 16 bits of code and 32 bits of sum allow, at least one.
  // Precondition: Fits(forest), first < forest.trees().
  HeapForest(const CompactForest& forest, std::span<const FeatureScale> scales, std::uint32_t first,
             bool by_parity);

  HeapView View() const;
  std::uint32_t trees() const { return trees_; }
  std::uint32_t block_rows() const { return block_rows_; }  // A multiple of kRowMultiple.

 private:
  std::uint32_t height_;
  std::uint32_t table_;
  std::uint32_t block_rows_;
  bool by_parity_;
  std::uint32_t trees_ = 0;
  std::vector<CodedFeature> features_;
  AlignedArray<float> search_trees_;
  AlignedArray<std::int16_t> cuts_;
  AlignedArray<std::uint16_t> columns_;
  AlignedArray<std::uint32_t> leaves_;  // One empty table first, as leaves start at place 2^height.
};

}  // namespace promheal::anomaly
