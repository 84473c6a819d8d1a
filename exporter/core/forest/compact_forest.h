#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "exporter/core/forest/forest_views.h"
#include "exporter/core/forest/path_length.h"
#include "exporter/core/forest/score_scale.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// A forest at rest: what thousands of targets keep in memory, and what single rows are scored on.
// 100 trees of psi = 256 take about 39 KiB on bell-shaped data and 61 on uniform ones, whose trees
// are fullest (8 features; 63 with 32). packed_trees.h says how a tree lies in memory.
//
// Thread safety: const once the last tree is appended.
class CompactForest {
 public:
  CompactForest(std::uint32_t subsample, std::uint32_t features, PathLengthFormula formula);

  // The tree has the height of the subsample, and its leaves hold that many samples together.
  void Append(const Tree& tree);
  // To be called once, after the last Append and before any of the following.
  void Finish();

  Tree At(std::uint32_t number) const;
  CompactView View() const;

  std::uint32_t trees() const { return trees_; }
  std::uint32_t subsample() const { return subsample_; }
  std::uint32_t features() const { return features_; }
  std::uint32_t height() const { return HeightLimit(subsample_); }
  PathLengthFormula formula() const { return formula_; }
  const ScoreScale& scale() const { return scale_; }  // Known after Finish.
  std::size_t SizeInBytes() const;

 private:
  std::uint32_t subsample_;
  std::uint32_t features_;
  PathLengthFormula formula_;
  ScoreScale scale_;
  std::vector<unsigned char> bytes_;
  std::uint32_t trees_ = 0;
  std::vector<std::uint32_t> offsets_;
};

}  // namespace promheal::anomaly
