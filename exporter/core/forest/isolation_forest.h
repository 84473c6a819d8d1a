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
  std::uint32_t trees = 100;      // 1 to 10,000. Cost and steadiness of the score grow with it.
  std::uint32_t subsample = 256;  // psi, 2 to 65,536; at most the number of rows is used.
  std::uint64_t seed = 0;         // The same rows, options and seed give the same forest.

  bool operator==(const ForestOptions&) const = default;
};

// An isolation forest (Liu, Ting, Zhou: ICDM 2008; TKDD 2012). A row that few random cuts separate
// from the training samples scores towards 1, an average one near 1/2 or below. The score does not
// grow beyond the range trained on.
//
// Values that are not finite: an infinite value lies beyond every cut. A missing value (NaN) is
// averaged over: where a tree splits on it both sides are followed, weighted with the training
// samples on each, which is the expected path length given the features present. A row without any
// present feature has no score (NaN).
//
// Thread safety: immutable once made; everything const may be called from several threads.
class IsolationForest {
 public:
  // Rows are samples, columns features. kInvalidArgument for options out of range, no rows, or no
  // columns. O(trees x subsample), whatever the number of rows. Values that are not finite may
  // occur (tree_grower.h).
  static Result<IsolationForest> Fit(const Samples& samples, const ForestOptions& options);

  // A forest grown elsewhere, scale an entry a feature. kInvalidArgument unless every tree holds
  // `subsample` samples, has HeightLimit(subsample), and cuts known features at finite values.
  static Result<IsolationForest> FromTrees(std::span<const Tree> trees, std::uint32_t subsample,
                                           std::vector<FeatureScale> scales,
                                           PathLengthFormula formula);

  // 2^(-E[h(x)] / c(psi)), in (0, 1). The row has features() values. About 1 us for 100 trees.
  double Score(const Row& row, const ScoreKernel& kernel = BestKernel()) const;

  // The same numbers to the bit for many rows, one score a row; far faster from some hundred rows
  // on.
  Eigen::VectorXd ScoreBatch(const Samples& rows) const;
  void ScoreBatch(const Samples& rows, const ScoreKernel& kernel,
                  Eigen::Ref<Eigen::VectorXd> scores) const;

  // Which features made it so; see Explanation. At most twice the cost of Score.
  Explanation Explain(const Row& row, const ScoreKernel& kernel = BestKernel()) const;

  // Little-endian, versioned, checksummed.
  std::string Serialize() const;
  // kDataLoss for what is damaged, cut short, or of another version.
  static Result<IsolationForest> Deserialize(std::string_view bytes);

  std::uint32_t features() const { return forest_.features(); }
  std::uint32_t trees() const { return forest_.trees(); }
  std::uint32_t subsample() const { return forest_.subsample(); }  // psi: min(option, rows).
  std::size_t SizeInBytes() const;                                 // What it holds in memory.

 private:
  IsolationForest(CompactForest forest, std::vector<FeatureScale> scales);

  CompactForest forest_;
  std::vector<FeatureScale> scales_;
};

}  // namespace promheal::anomaly
