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

// The form of a forest for scoring many rows: perfect heaps of codes (cut_codes.h). Every tree has
// 2^height - 1 inner places, root at 1, children of place i at 2i and 2i + 1; a leaf that ends
// early is repeated below. A row takes `height` steps, place = 2 place + right, without a branch.
//
// By parity: with few features, a node's feature need not be looked up. Bands of codes ascend with
// the feature, so a code on feature f is below every value of a later feature and above every value
// of an earlier one. The exclusive or of the comparisons with all values therefore equals the
// comparison with feature f, inverted if the number of later features is odd. Nodes where it is
// inverted have their children exchanged.
class HeapForest {
 public:
  static constexpr std::uint32_t kMaxHeight = 12;
  static constexpr std::uint32_t kMaxFeatures = 256;

  // Rows of other forests are scored one by one: perfect heaps would be too large for them.
  static bool Fits(const CompactForest& forest) {
    return forest.height() >= 1 && forest.height() <= kMaxHeight &&
           forest.features() <= kMaxFeatures;
  }

  // Takes trees from `first` on, as many as 16 bits of code and 32 bits of sum allow, at least one.
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
  AlignedArray<std::uint32_t>
      leaves_;  // Starts with an empty table, as leaves start at place 2^height.
};

}  // namespace promheal::anomaly
