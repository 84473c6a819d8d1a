#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "common/base/result.h"
#include "exporter/core/forest/feature_scale.h"
#include "exporter/core/forest/forest_data.h"

namespace promheal::anomaly {

// One row of features; a row of a column-major matrix is taken without a copy.
using Row = Eigen::Ref<const Eigen::RowVectorXd, 0, Eigen::InnerStride<>>;

struct ForestOptions {
  std::uint32_t trees = 100;      // 1 to 10,000. Cost and steadiness of the score grow with it.
  std::uint32_t subsample = 256;  // psi, 2 to 65,536; at most the number of rows is used.
  std::uint64_t seed = 0;         // The same rows, options and seed give the same forest.
};

// Why a row scores as it does: -log2(score) = baseline - sum(contributions).
struct Explanation {
  double baseline = 0;            // -log2 of the score of an average training sample; about 1.
  Eigen::VectorXd contributions;  // Per feature; positive where it made the row easier to isolate.
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
  // columns. O(trees x subsample), whatever the number of rows.
  static Result<IsolationForest> Fit(const Samples& samples, const ForestOptions& options);

  // 2^(-E[h(x)] / c(psi)), in (0, 1). The row has features() values.
  double Score(const Row& row) const;

  // The same numbers for many rows, one score a row.
  Eigen::VectorXd ScoreBatch(const Samples& rows) const;

  Explanation Explain(const Row& row) const;

  // Little-endian, versioned, checksummed.
  std::string Serialize() const;
  // kDataLoss for what is damaged, cut short, or of another version.
  static Result<IsolationForest> Deserialize(std::string_view bytes);

  std::uint32_t features() const { return static_cast<std::uint32_t>(data_.scales.size()); }
  std::uint32_t trees() const { return static_cast<std::uint32_t>(data_.trees.size()); }
  std::uint32_t subsample() const { return data_.subsample; }  // psi: min(option, rows).

 private:
  explicit IsolationForest(ForestData data) : data_(std::move(data)) {}

  ForestData data_;
};

// Share of the row's values that are present, 0 to 1: how much of the score rests on data.
double CoverageRatio(const Row& row);

}  // namespace promheal::anomaly
