#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "exporter/core/forest/compact_forest.h"
#include "exporter/core/forest/feature_scale.h"

namespace promheal::anomaly {

struct StoredForest {
  std::uint32_t subsample = 0;
  PathLengthFormula formula = PathLengthFormula::kExact;
  std::vector<FeatureScale> scales;
  std::vector<Tree> trees;
};

// The stored form, every number little-endian:
//
//   "PHIF"  u32 version = 1  u32 subsample  u32 formula  u32 features  u32 trees
//   a feature:  f64 centre  f64 scale
//   a tree:     u32 x words of inner slots, then a node: f32 cut, u16 feature; a leaf: u16 samples
//   - 1 u32 CRC-32 of all before it
std::string EncodeForest(const CompactForest& forest, std::span<const FeatureScale> scales);

// kDataLoss with the reason if `bytes` are cut short, damaged, or of another version. The caller
// must check the trees (tree_check.h). Memory is bounded by the size of the input.
Result<StoredForest> DecodeForest(std::string_view bytes);

}  // namespace promheal::anomaly
