#include "exporter/core/forest/isolation_forest.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "exporter/core/forest/forest_codec.h"
#include "exporter/core/forest/partial_walk.h"
#include "exporter/core/forest/scaled_row.h"
#include "exporter/core/forest/scoring.h"
#include "exporter/core/forest/tree_check.h"
#include "exporter/core/forest/tree_grower.h"

namespace promheal::anomaly {
namespace {

constexpr std::uint32_t kMaxTrees = 10'000;
constexpr std::uint32_t kMaxFeatures = 65'536;
constexpr std::uint64_t kMaxSamples = std::uint64_t{1} << 28;  // Over all trees.

Status Refuse(std::string message) { return Fail(ErrorCode::kInvalidArgument, std::move(message)); }

Status Validate(const Samples& samples, const ForestOptions& options) {
  if (options.trees < 1 || options.trees > kMaxTrees) {
    return Refuse(fmt::format("trees must be 1 to {}, not {}", kMaxTrees, options.trees));
  }
  if (options.subsample < 2 || options.subsample > kMaxSubsample) {
    return Refuse(
        fmt::format("subsample must be 2 to {}, not {}", kMaxSubsample, options.subsample));
  }
  if (std::uint64_t{options.trees} * options.subsample > kMaxSamples) {
    return Refuse(fmt::format("trees x subsample must be at most {}", kMaxSamples));
  }
  if (samples.rows() < 1 || samples.rows() > std::numeric_limits<std::int32_t>::max()) {
    return Refuse(fmt::format("a forest needs samples, not {} rows", samples.rows()));
  }
  if (samples.cols() < 1 || samples.cols() > kMaxFeatures) {
    return Refuse(fmt::format("features must be 1 to {}, not {}", kMaxFeatures, samples.cols()));
  }
  return {};
}

}  // namespace

IsolationForest::IsolationForest(CompactForest forest, std::vector<FeatureScale> scales)
    : forest_(std::move(forest)), scales_(std::move(scales)) {
  forest_.Finish();
}

Result<IsolationForest> IsolationForest::Fit(const Samples& samples, const ForestOptions& options) {
  if (const Status valid = Validate(samples, options); !valid) {
    return tl::make_unexpected(valid.error());
  }
  const std::uint32_t subsample =
      std::min(options.subsample, static_cast<std::uint32_t>(samples.rows()));
  Random scale_draws(options.seed, kMaxTrees);  // A stream that no tree uses.
  std::vector<FeatureScale> scales = EstimateScales(samples, subsample, scale_draws);
  CompactForest forest(subsample, static_cast<std::uint32_t>(scales.size()),
                       PathLengthFormula::kExact);
  TreeGrower grower(samples, scales, subsample, options.seed);
  for (std::uint32_t tree = 0; tree < options.trees; ++tree) forest.Append(grower.Grow(tree));
  return IsolationForest(std::move(forest), std::move(scales));
}

Result<IsolationForest> IsolationForest::FromTrees(std::span<const Tree> trees,
                                                   std::uint32_t subsample,
                                                   std::vector<FeatureScale> scales,
                                                   PathLengthFormula formula) {
  const auto refuse = [](std::string message) {
    return Fail(ErrorCode::kInvalidArgument, std::move(message));
  };
  if (trees.empty() || trees.size() > kMaxTrees || scales.empty() || scales.size() > kMaxFeatures ||
      subsample < 1 || subsample > kMaxSubsample || trees.size() * subsample > kMaxSamples) {
    return refuse("sizes out of range");
  }
  const auto features = static_cast<std::uint32_t>(scales.size());
  CompactForest forest(subsample, features, formula);
  for (std::size_t number = 0; number < trees.size(); ++number) {
    if (const auto fault = FaultOf(trees[number], features, subsample)) {
      return refuse(fmt::format("tree {}: {}", number, *fault));
    }
    forest.Append(trees[number]);
  }
  return IsolationForest(std::move(forest), std::move(scales));
}

double IsolationForest::Score(const Row& row, const ScoreKernel& kernel) const {
  return ScoreRow(forest_, scales_, kernel, row);
}

Eigen::VectorXd IsolationForest::ScoreBatch(const Samples& rows) const {
  Eigen::VectorXd scores(rows.rows());
  ScoreBatch(rows, BestKernel(), scores);
  return scores;
}

void IsolationForest::ScoreBatch(const Samples& rows, const ScoreKernel& kernel,
                                 Eigen::Ref<Eigen::VectorXd> scores) const {
  ScoreRows(forest_, scales_, kernel, rows, scores);
}

Explanation IsolationForest::Explain(const Row& row, const ScoreKernel& kernel) const {
  return ExplainRow(forest_, scales_, kernel, row);
}

std::string IsolationForest::Serialize() const { return EncodeForest(forest_, scales_); }

Result<IsolationForest> IsolationForest::Deserialize(std::string_view bytes) {
  Result<StoredForest> stored = DecodeForest(bytes);
  if (!stored) return Prefixed("reading a forest", stored.error());
  Result<IsolationForest> forest =
      FromTrees(stored->trees, stored->subsample, std::move(stored->scales), stored->formula);
  if (!forest) return Fail(ErrorCode::kDataLoss, "reading a forest: " + forest.error().message);
  return forest;
}

std::size_t IsolationForest::SizeInBytes() const {
  return sizeof(*this) + forest_.SizeInBytes() + scales_.capacity() * sizeof(FeatureScale);
}

}  // namespace promheal::anomaly
