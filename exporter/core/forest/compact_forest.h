#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "exporter/core/forest/forest_views.h"
#include "exporter/core/forest/path_length.h"
#include "exporter/core/forest/score_scale.h"
#include "exporter/core/forest/tree.h"

namespace promheal::anomaly {

// The compact form of a forest: thousands of targets keep it in memory, and single rows are scored
// on it. 100 trees with psi = 256 and 8 features take about 39 KiB for normally distributed data
// and 61 KiB for uniform data, whose trees are fullest (63 KiB with 32 features). packed_trees.h
// describes a tree in memory.
//
// Thread safety: after Finish, any thread may use const functions.
class CompactForest {
 public:
  CompactForest(std::uint32_t subsample, std::uint32_t features, PathLengthFormula formula);

  // Precondition: the tree's height is HeightLimit(subsample), and its leaves hold `subsample`
  // samples together.
  void Append(const Tree& tree);
  // Call once, after the last Append and before any function below.
  void Finish();

  Tree At(std::uint32_t number) const;
  CompactView View() const;

  std::uint32_t trees() const { return trees_; }
  std::uint32_t subsample() const { return subsample_; }
  std::uint32_t features() const { return features_; }
  std::uint32_t height() const { return HeightLimit(subsample_); }
  PathLengthFormula formula() const { return formula_; }
  const ScoreScale& scale() const { return scale_; }  // Valid after Finish.
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
