#include "exporter/core/forest/tree_grower.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "exporter/core/forest/tree_check.h"
#include "tests/exporter/core/forest/made_samples.h"

namespace promheal::anomaly {
namespace {

Tree GrowOne(const Eigen::MatrixXd& matrix, std::uint32_t subsample, std::uint32_t number = 0) {
  const Samples samples(matrix);
  const std::vector<FeatureScale> unscaled(static_cast<std::size_t>(matrix.cols()));
  return TreeGrower(samples, unscaled, subsample, 1).Grow(number);
}

// For trees with a single cut.
std::uint32_t SamplesOnTheLeft(const Tree& tree) { return tree.leaf_samples[0]; }

bool SameTrees(const Tree& a, const Tree& b) {
  return a.inner == b.inner && a.cuts == b.cuts && a.features == b.features &&
         a.leaf_samples == b.leaf_samples;
}

TEST(TreeGrowerTest, LimitsTheHeightToTheLogarithmOfTheSubsample) {
  EXPECT_EQ(HeightLimit(1), 0u);
  EXPECT_EQ(HeightLimit(2), 1u);
  EXPECT_EQ(HeightLimit(255), 8u);
  EXPECT_EQ(HeightLimit(256), 8u);
  EXPECT_EQ(HeightLimit(257), 9u);
}

TEST(TreeGrowerTest, KeepsEverySampleInExactlyOneLeaf) {
  for (const std::uint32_t subsample : {2u, 3u, 64u, 256u, 300u, 1000u}) {
    const Tree tree = GrowOne(UniformSamples(1000, 3), subsample);
    EXPECT_EQ(FaultOf(tree, 3, subsample), std::nullopt) << subsample;
  }
}

TEST(TreeGrowerTest, NeverCutsAConstantFeature) {
  Eigen::MatrixXd samples = UniformSamples(300, 3);
  samples.col(1).setConstant(5);
  const Tree tree = GrowOne(samples, 256);
  EXPECT_EQ(std::count(tree.features.begin(), tree.features.end(), 1u), 0);
}

TEST(TreeGrowerTest, GrowsASingleLeafIfNoFeatureVaries) {
  const Tree tree = GrowOne(Eigen::MatrixXd::Constant(40, 2, 3.0), 40);
  EXPECT_TRUE(tree.cuts.empty());
  EXPECT_EQ(tree.leaf_samples, std::vector<std::uint32_t>{40});
  EXPECT_EQ(GrowOne(Eigen::MatrixXd::Constant(1, 2, 3.0), 1).leaf_samples,
            std::vector<std::uint32_t>{1});
}

TEST(TreeGrowerTest, CutsBetweenNeighbouringFloatsSoThatBothSidesGetASample) {
  Eigen::MatrixXd samples(2, 1);
  samples << 1.0, std::nextafter(1.0f, 2.0f);
  for (std::uint32_t number = 0; number < 50; ++number) {
    const Tree tree = GrowOne(samples, 2, number);
    ASSERT_EQ(tree.cuts, std::vector<float>{1.0f});
    EXPECT_EQ(SamplesOnTheLeft(tree), 1u);
  }
}

TEST(TreeGrowerTest, DrawsFeaturesAndCutsUniformly) {
  const Eigen::MatrixXd samples = UniformSamples(2, 4);
  std::vector<int> drawn(4);
  double inside = 0;
  for (std::uint32_t number = 0; number < 4000; ++number) {
    const Tree tree = GrowOne(samples, 2, number);
    ++drawn[tree.features[0]];
    const auto column = samples.col(tree.features[0]);
    inside += (tree.cuts[0] - column.minCoeff()) / (column.maxCoeff() - column.minCoeff());
  }
  for (const int count : drawn) EXPECT_NEAR(count, 1000, 110);  // Four standard deviations.
  EXPECT_NEAR(inside / 4000, 0.5, 0.02);
}

// Four rows have the value 0 and sixteen have 1, so the left side holds those of the four that were
// drawn.
TEST(TreeGrowerTest, DrawsRowsWithoutReplacementAndUniformly) {
  Eigen::MatrixXd samples = Eigen::MatrixXd::Zero(20, 1);
  samples.bottomRows(16).setConstant(1);
  double zeros = 0;
  for (std::uint32_t number = 0; number < 4000; ++number) {
    const Tree tree = GrowOne(samples, 10, number);
    if (tree.cuts.empty()) continue;
    ASSERT_LE(SamplesOnTheLeft(tree), 4u);  // If rows were drawn twice, some tree would have more.
    zeros += SamplesOnTheLeft(tree);
  }
  EXPECT_NEAR(zeros / 4000, 10 * 4 / 20.0, 0.06);  // Hypergeometric: four standard errors.
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

TEST(TreeGrowerTest, LeavesAnInfiniteValueOnItsSideOfACutThroughTheFiniteOnes) {
  Eigen::MatrixXd samples(4, 1);
  samples << 1, 2, kInf, -kInf;
  for (std::uint32_t number = 0; number < 50; ++number) {
    const Tree tree = GrowOne(samples, 4, number);
    ASSERT_EQ(tree.cuts.size(), 1u);
    EXPECT_EQ(SamplesOnTheLeft(tree), 2u);
    EXPECT_GE(tree.cuts[0], 1);
    EXPECT_LT(tree.cuts[0], 2);
  }
}

TEST(TreeGrowerTest, SpreadsSamplesWithAMissingValueLikeTheOthers) {
  Eigen::MatrixXd samples = Eigen::MatrixXd::Constant(256, 1, kNaN);
  for (Eigen::Index i = 0; i < 8; ++i) samples(i, 0) = i < 6 ? 0 : 1;
  double left = 0;
  for (std::uint32_t number = 0; number < 200; ++number) {
    const Tree tree = GrowOne(samples, 256, number);
    ASSERT_EQ(tree.cuts.size(), 1u);
    left += SamplesOnTheLeft(tree);
  }
  EXPECT_NEAR(left / 200 / 256, 0.75, 0.02);
}

}  // namespace
}  // namespace promheal::anomaly
