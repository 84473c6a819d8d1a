#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "exporter/core/forest/attribution.h"
#include "exporter/core/forest/compact_forest.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/score_kernel.h"

namespace promheal::anomaly {

struct ForestOptions {
  std::uint32_t trees = 100;      // 1 to 10,000. More trees: steadier scores at a higher cost.
  std::uint32_t subsample = 256;  // psi, 2 to 65,536; at most the number of rows is used.
  std::uint64_t seed = 0;         // The same rows, options and seed give the same forest.

  bool operator==(const ForestOptions&) const = default;
};

// An isolation forest (Liu, Ting, Zhou: ICDM 2008; TKDD 2012). A row that few random cuts separate
// from the training samples scores near 1, an average row near 1/2 or below. Beyond the range of
// the training samples the score does not grow any more.
//
// Values that are not finite: an infinite value lies beyond every cut. If a value is missing (NaN),
// a split on its feature follows both sides, weighted by their training samples; this gives the
// expected path length for the features present. A row without any value has no score (NaN).
//
// Thread safety: immutable once made; any thread may call const functions.
class IsolationForest {
 public:
  // Rows = samples, columns = features. Values need not be finite (tree_grower.h). kInvalidArgument
  // for options out of range, no rows, or no columns. O(trees x subsample), whatever the number of
  // rows.
  static Result<IsolationForest> Fit(const Samples& samples, const ForestOptions& options);

  // A forest grown elsewhere; `scales` has an entry a feature. kInvalidArgument unless every tree
  // has height HeightLimit(subsample), holds `subsample` samples, and cuts known features at finite
  // values.
  static Result<IsolationForest> FromTrees(std::span<const Tree> trees, std::uint32_t subsample,
                                           std::vector<FeatureScale> scales,
                                           PathLengthFormula formula);

  // 2^(-E[h(x)] / c(psi)), in (0, 1). The row has features() values. About 1 us for 100 trees.
  double Score(const Row& row, const ScoreKernel& kernel = BestKernel()) const;

  // The scores of many rows, the same to the bit as Score's; far faster from some hundred rows on.
  Eigen::VectorXd ScoreBatch(const Samples& rows) const;
  void ScoreBatch(const Samples& rows, const ScoreKernel& kernel,
                  Eigen::Ref<Eigen::VectorXd> scores) const;

  // Each feature's contribution to the score. At most twice the cost of Score.
  Explanation Explain(const Row& row, const ScoreKernel& kernel = BestKernel()) const;

  // Little-endian, versioned, checksummed.
  std::string Serialize() const;
  // kDataLoss if `bytes` are damaged, cut short, or of another version.
  static Result<IsolationForest> Deserialize(std::string_view bytes);

  std::uint32_t features() const { return forest_.features(); }
  std::uint32_t trees() const { return forest_.trees(); }
  std::uint32_t subsample() const { return forest_.subsample(); }  // psi: min(option, rows).
  std::size_t SizeInBytes() const;                                 // Its memory.

 private:
  IsolationForest(CompactForest forest, std::vector<FeatureScale> scales);

  CompactForest forest_;
  std::vector<FeatureScale> scales_;
};

}  // namespace promheal::anomaly
