#include "exporter/core/forest/tree_grower.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

Eigen::MatrixXd UniformSamples(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed = 7) {
  Random random(seed, 0);
  return Eigen::MatrixXd::NullaryExpr(rows, cols, [&] { return random.Unit(); });
}

Tree GrowOne(const Eigen::MatrixXd& matrix, std::uint32_t subsample, std::uint32_t number = 0) {
  const Samples samples(matrix);
  const std::vector<FeatureScale> unscaled(static_cast<std::size_t>(matrix.cols()));
  return TreeGrower(samples, unscaled, subsample, 1).Grow(number);
}

std::uint32_t DepthOf(const Tree& tree, std::uint32_t node = 0) {
  if (tree[node].IsLeaf()) return 0;
  return 1 + std::max(DepthOf(tree, tree[node].left), DepthOf(tree, tree[node].right));
}

bool SameTrees(const Tree& a, const Tree& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.feature == y.feature && x.cut == y.cut && x.left == y.left && x.samples == y.samples;
  });
}

TEST(TreeGrowerTest, LimitsTheHeightToTheLogarithmOfTheSubsample) {
  EXPECT_EQ(HeightLimit(1), 0u);
  EXPECT_EQ(HeightLimit(2), 1u);
  EXPECT_EQ(HeightLimit(255), 8u);
  EXPECT_EQ(HeightLimit(256), 8u);
  EXPECT_EQ(HeightLimit(257), 9u);
  EXPECT_EQ(DepthOf(GrowOne(UniformSamples(1000, 3), 256)), 8u);
}

TEST(TreeGrowerTest, KeepsEverySampleInExactlyOneLeaf) {
  const Tree tree = GrowOne(UniformSamples(1000, 3), 256);
  std::uint32_t in_leaves = 0;
  for (const TreeNode& node : tree) {
    EXPECT_GE(node.samples, 1u);
    if (node.IsLeaf()) in_leaves += node.samples;
    if (!node.IsLeaf()) {
      EXPECT_EQ(tree[node.left].samples + tree[node.right].samples, node.samples);
    }
  }
  EXPECT_EQ(tree[0].samples, 256u);
  EXPECT_EQ(in_leaves, 256u);
}

TEST(TreeGrowerTest, NeverSplitsAConstantFeature) {
  Eigen::MatrixXd samples = UniformSamples(300, 3);
  samples.col(1).setConstant(5);
  for (const TreeNode& node : GrowOne(samples, 256)) {
    EXPECT_TRUE(node.IsLeaf() || node.feature != 1);
  }
}

TEST(TreeGrowerTest, IsASingleLeafWhereNothingVaries) {
  const Tree tree = GrowOne(Eigen::MatrixXd::Constant(40, 2, 3.0), 40);
  ASSERT_EQ(tree.size(), 1u);
  EXPECT_EQ(tree[0].samples, 40u);
  EXPECT_EQ(GrowOne(Eigen::MatrixXd::Constant(1, 2, 3.0), 1).size(), 1u);
}

TEST(TreeGrowerTest, CutsBetweenTwoNeighbouringFloatsSoThatBothSidesKeepOne) {
  Eigen::MatrixXd samples(2, 1);
  samples << 1.0, std::nextafter(1.0f, 2.0f);
  for (std::uint32_t number = 0; number < 50; ++number) {
    const Tree tree = GrowOne(samples, 2, number);
    ASSERT_EQ(tree.size(), 3u);
    EXPECT_EQ(tree[0].cut, 1.0f);
    EXPECT_EQ(tree[1].samples, 1u);
  }
}

TEST(TreeGrowerTest, DrawsFeaturesAndCutsUniformly) {
  const Eigen::MatrixXd samples = UniformSamples(64, 4);
  std::vector<int> drawn(4);
  double cuts = 0;
  for (std::uint32_t number = 0; number < 4000; ++number) {
    const Tree tree = GrowOne(samples, 64, number);
    ++drawn[tree[0].feature];
    cuts += tree[0].cut;
  }
  for (const int count : drawn) EXPECT_NEAR(count, 1000, 110);  // Four standard deviations.
  EXPECT_NEAR(cuts / 4000, 0.5, 0.02);
}

// Four rows hold 0 and sixteen hold 1, so the left side counts how many of the four were drawn.
TEST(TreeGrowerTest, DrawsRowsWithoutReplacementAndUniformly) {
  Eigen::MatrixXd samples = Eigen::MatrixXd::Zero(20, 1);
  samples.bottomRows(16).setConstant(1);
  double zeros = 0;
  for (std::uint32_t number = 0; number < 4000; ++number) {
    const Tree tree = GrowOne(samples, 10, number);
    if (tree[0].IsLeaf()) continue;
    EXPECT_LE(tree[1].samples, 4u);  // A row drawn twice would soon exceed it.
    zeros += tree[1].samples;
  }
  EXPECT_NEAR(zeros / 4000, 10 * 4 / 20.0, 0.06);  // Hypergeometric: 4 standard errors.
}

TEST(TreeGrowerTest, GrowsTheSameTreeInAnyOrder) {
  const Eigen::MatrixXd matrix = UniformSamples(1000, 3);
  const Samples samples(matrix);
  const std::vector<FeatureScale> unscaled(3);
  TreeGrower forwards(samples, unscaled, 256, 9);
  TreeGrower backwards(samples, unscaled, 256, 9);
  std::vector<Tree> first;
  for (std::uint32_t tree = 0; tree < 5; ++tree) first.push_back(forwards.Grow(tree));
  for (std::uint32_t tree = 5; tree-- > 0;) {
    EXPECT_TRUE(SameTrees(backwards.Grow(tree), first[tree])) << tree;
  }
  EXPECT_FALSE(SameTrees(first[0], first[1]));
}

TEST(TreeGrowerTest, TreatsAnInfiniteValueAsTheLargestFiniteOne) {
  Eigen::MatrixXd samples(4, 1);
  samples << 1, 2, kInf, -kInf;
  for (std::uint32_t number = 0; number < 50; ++number) {
    const Tree tree = GrowOne(samples, 4, number);
    ASSERT_EQ(tree.size(), 3u);
    EXPECT_EQ(tree[1].samples, 2u);
    EXPECT_GE(tree[0].cut, 1);
    EXPECT_LT(tree[0].cut, 2);
  }
}

TEST(TreeGrowerTest, SpreadsSamplesWithAMissingValueLikeThePresentOnes) {
  Eigen::MatrixXd samples(256, 1);
  samples.setConstant(kNaN);
  for (Eigen::Index i = 0; i < 8; ++i) samples(i, 0) = i < 6 ? 0 : 1;
  double left = 0;
  for (std::uint32_t number = 0; number < 200; ++number) {
    const Tree tree = GrowOne(samples, 256, number);
    ASSERT_EQ(tree.size(), 3u);
    left += tree[1].samples;
  }
  EXPECT_NEAR(left / 200 / 256, 0.75, 0.02);
}

}  // namespace
}  // namespace promheal::anomaly
