#include "exporter/core/forest/isolation_forest.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "exporter/core/forest/forest_codec.h"
#include "exporter/core/forest/path_length.h"
#include "exporter/core/forest/tree_grower.h"

namespace promheal::anomaly {
namespace {

Status Validate(const Samples& samples, const ForestOptions& options) {
  const auto refuse = [](std::string message) {
    return Fail(ErrorCode::kInvalidArgument, std::move(message));
  };
  if (options.trees < 1 || options.trees > 10'000) {
    return refuse(fmt::format("trees must be 1 to 10000, not {}", options.trees));
  }
  if (options.subsample < 2 || options.subsample > 65'536) {
    return refuse(fmt::format("subsample must be 2 to 65536, not {}", options.subsample));
  }
  if (samples.rows() < 1 || samples.rows() > std::numeric_limits<std::int32_t>::max()) {
    return refuse(fmt::format("a forest needs samples, not {} rows", samples.rows()));
  }
  if (samples.cols() < 1 || samples.cols() > 65'536) {
    return refuse(fmt::format("features must be 1 to 65536, not {}", samples.cols()));
  }
  return {};
}

std::vector<float> Scaled(const std::vector<FeatureScale>& scales, const Row& row) {
  assert(row.size() == static_cast<Eigen::Index>(scales.size()));
  std::vector<float> values(scales.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = scales[i].Apply(row[static_cast<Eigen::Index>(i)]);
  }
  return values;
}

// Mean path length of the training samples below `node`, from the root.
double MeanPathLength(const Tree& tree, std::uint32_t node, std::uint32_t depth) {
  const TreeNode& at = tree[node];
  if (at.IsLeaf()) return depth + AveragePathLength(at.samples);
  return (tree[at.left].samples * MeanPathLength(tree, at.left, depth + 1) +
          tree[at.right].samples * MeanPathLength(tree, at.right, depth + 1)) /
         at.samples;
}

// Expected path length of a row given its present values.
double PathLength(const Tree& tree, const std::vector<float>& row, std::uint32_t node,
                  std::uint32_t depth) {
  const TreeNode& at = tree[node];
  if (at.IsLeaf()) return depth + AveragePathLength(at.samples);
  if (!std::isnan(row[at.feature])) {
    return PathLength(tree, row, row[at.feature] <= at.cut ? at.left : at.right, depth + 1);
  }
  return (tree[at.left].samples * PathLength(tree, row, at.left, depth + 1) +
          tree[at.right].samples * PathLength(tree, row, at.right, depth + 1)) /
         at.samples;
}

// Adds to each feature by how much its splits moved the expected path length on the way of `row`;
// a split on a missing feature moves nothing and both sides share on.
void AddPathDeltas(const Tree& tree, const std::vector<float>& row, std::uint32_t node,
                   std::uint32_t depth, double weight, Eigen::VectorXd& deltas) {
  const TreeNode& at = tree[node];
  if (at.IsLeaf()) return;
  if (std::isnan(row[at.feature])) {
    for (const std::uint32_t side : {at.left, at.right}) {
      AddPathDeltas(tree, row, side, depth + 1, weight * tree[side].samples / at.samples, deltas);
    }
    return;
  }
  const std::uint32_t next = row[at.feature] <= at.cut ? at.left : at.right;
  deltas[at.feature] +=
      weight * (MeanPathLength(tree, next, depth + 1) - MeanPathLength(tree, node, depth));
  AddPathDeltas(tree, row, next, depth + 1, weight, deltas);
}

}  // namespace

Result<IsolationForest> IsolationForest::Fit(const Samples& samples, const ForestOptions& options) {
  if (const Status valid = Validate(samples, options); !valid) {
    return tl::make_unexpected(valid.error());
  }
  ForestData forest;
  forest.subsample = std::min(options.subsample, static_cast<std::uint32_t>(samples.rows()));
  Random scale_draws(options.seed, options.trees);
  forest.scales = EstimateScales(samples, forest.subsample, scale_draws);
  TreeGrower grower(samples, forest.scales, forest.subsample, options.seed);
  for (std::uint32_t tree = 0; tree < options.trees; ++tree) {
    forest.trees.push_back(grower.Grow(tree));
  }
  return IsolationForest(std::move(forest));
}

double IsolationForest::Score(const Row& row) const {
  if (CoverageRatio(row) == 0) return std::numeric_limits<double>::quiet_NaN();
  const std::vector<float> values = Scaled(data_.scales, row);
  double sum = 0;
  for (const Tree& tree : data_.trees) sum += PathLength(tree, values, 0, 0);
  return ScoreOfPathLength(sum / trees(), data_.subsample);
}

Eigen::VectorXd IsolationForest::ScoreBatch(const Samples& rows) const {
  Eigen::VectorXd scores(rows.rows());
  for (Eigen::Index row = 0; row < rows.rows(); ++row) scores[row] = Score(rows.row(row));
  return scores;
}

Explanation IsolationForest::Explain(const Row& row) const {
  const double normaliser = AveragePathLength(data_.subsample) * trees();
  Explanation explanation{.baseline = 1, .contributions = Eigen::VectorXd::Zero(features())};
  if (normaliser == 0) return explanation;
  const std::vector<float> values = Scaled(data_.scales, row);
  double baseline = 0;
  for (const Tree& tree : data_.trees) {
    baseline += MeanPathLength(tree, 0, 0);
    AddPathDeltas(tree, values, 0, 0, 1, explanation.contributions);
  }
  explanation.baseline = baseline / normaliser;
  explanation.contributions /= -normaliser;
  return explanation;
}

std::string IsolationForest::Serialize() const { return EncodeForest(data_); }

Result<IsolationForest> IsolationForest::Deserialize(std::string_view bytes) {
  Result<ForestData> data = DecodeForest(bytes);
  if (!data) return Prefixed("reading a forest", data.error());
  return IsolationForest(std::move(*data));
}

double CoverageRatio(const Row& row) {
  const auto present = (row.array() == row.array()).count();
  return row.size() == 0 ? 0 : static_cast<double>(present) / static_cast<double>(row.size());
}

}  // namespace promheal::anomaly
