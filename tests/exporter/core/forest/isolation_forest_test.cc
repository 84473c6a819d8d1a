#include "exporter/core/forest/isolation_forest.h"

#include <gtest/gtest.h>

#include <cmath>

#include "exporter/core/forest/path_length.h"
#include "tests/exporter/core/forest/made_samples.h"

namespace promheal::anomaly {
namespace {

IsolationForest FitNormal(Eigen::Index cols = 3, std::uint64_t seed = 5) {
  return IsolationForest::Fit(NormalSamples(2000, cols), {.seed = seed}).value();
}

TEST(IsolationForestTest, ScoresOutliersHigher) {
  const IsolationForest forest = FitNormal();
  const double typical = forest.Score(Eigen::RowVector3d(0, 0, 0));
  const double unusual = forest.Score(Eigen::RowVector3d(3, 3, 0));
  EXPECT_LT(typical, 0.42);
  EXPECT_GT(unusual, 0.6);
}

TEST(IsolationForestTest, IsTheSameForTheSameSeedAndAnotherForAnother) {
  EXPECT_EQ(FitNormal(3, 5).Serialize(), FitNormal(3, 5).Serialize());
  EXPECT_NE(FitNormal(3, 5).Serialize(), FitNormal(3, 6).Serialize());
}

TEST(IsolationForestTest, ScoresABatchAsItScoresItsRows) {
  const IsolationForest forest = FitNormal();
  Eigen::MatrixXd rows = NormalSamples(50, 3, 2);
  rows(7, 1) = kNaN;
  rows(8, 0) = kInf;
  const Eigen::VectorXd scores = forest.ScoreBatch(rows);
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    EXPECT_EQ(scores[row], forest.Score(rows.row(row))) << row;
  }
}

TEST(IsolationForestTest, SaturatesBeyondTheRangeItWasTrainedOn) {
  const IsolationForest forest = FitNormal();
  const double far = forest.Score(Eigen::RowVector3d(100, 0, 0));
  EXPECT_EQ(far, forest.Score(Eigen::RowVector3d(1e6, 0, 0)));
  EXPECT_EQ(far, forest.Score(Eigen::RowVector3d(kInf, 0, 0)));
}

TEST(IsolationForestTest, KeepsASmallSignalOnALargeOffset) {
  Eigen::MatrixXd samples = NormalSamples(1000, 1);
  const double before =
      IsolationForest::Fit(samples, {}).value().Score(Eigen::RowVectorXd::Constant(1, 3.5));
  samples.array() += 1.7e9;
  const double after =
      IsolationForest::Fit(samples, {}).value().Score(Eigen::RowVectorXd::Constant(1, 1.7e9 + 3.5));
  EXPECT_NEAR(after, before, 1e-3);
  EXPECT_GT(after, 0.6);
}

TEST(IsolationForestTest, ScoresAMissingValueAsTheAverageOverWhatItMightHaveBeen) {
  const IsolationForest forest = FitNormal(2);
  const double present = forest.Score(Eigen::RowVector2d(4, 0));
  const double missing = forest.Score(Eigen::RowVector2d(4, kNaN));
  EXPECT_NEAR(missing, present, 0.05);
  EXPECT_GT(missing, 0.55);
  EXPECT_LT(forest.Score(Eigen::RowVector2d(0, kNaN)), 0.5);
}

TEST(IsolationForestTest, HasNoScoreWithoutValues) {
  EXPECT_TRUE(std::isnan(FitNormal(2).Score(Eigen::RowVector2d(kNaN, kNaN))));
}

TEST(IsolationForestTest, ScoresHalfIfNothingCanBeLearnt) {
  const Eigen::MatrixXd one_row = Eigen::MatrixXd::Constant(1, 3, 2.0);
  const Eigen::MatrixXd constant = Eigen::MatrixXd::Constant(500, 3, 2.0);
  for (const Eigen::MatrixXd& samples : {one_row, constant}) {
    const IsolationForest forest = IsolationForest::Fit(samples, {}).value();
    EXPECT_NEAR(forest.Score(Eigen::RowVector3d(9, 2, 2)), 0.5, 2e-8);
  }
}

TEST(IsolationForestTest, UsesAllRowsIfThereAreFewerThanTheSubsample) {
  EXPECT_EQ(IsolationForest::Fit(NormalSamples(30, 2), {}).value().subsample(), 30u);
}

TEST(IsolationForestTest, ExplainsAScoreAsASumOverItsFeatures) {
  const IsolationForest forest = FitNormal();
  Eigen::MatrixXd rows = NormalSamples(20, 3, 2) * 2;
  rows(3, 0) = kNaN;
  for (Eigen::Index row = 0; row < rows.rows(); ++row) {
    const Explanation why = forest.Explain(rows.row(row));
    EXPECT_NEAR(why.baseline - why.contributions.sum(), -std::log2(forest.Score(rows.row(row))),
                1e-3);
  }
}

TEST(IsolationForestTest, NamesTheFeatureThatStandsOut) {
  const Explanation why = FitNormal().Explain(Eigen::RowVector3d(0.1, 6, -0.2));
  Eigen::Index top = 0;
  why.contributions.maxCoeff(&top);
  EXPECT_EQ(top, 1);
  EXPECT_GT(why.contributions[1], 0.3);
}

TEST(IsolationForestTest, RefusesBrokenTrees) {
  const auto from = [](const Tree& tree) {
    return IsolationForest::FromTrees(std::vector<Tree>{tree}, 4, std::vector<FeatureScale>(2),
                                      PathLengthFormula::kExact);
  };
  Tree tree(2);
  tree.MarkInner(1);
  tree.cuts = {0.5f};
  tree.features = {1};
  tree.leaf_samples = {1, 3};
  EXPECT_TRUE(from(tree).has_value());
  Tree wrong = tree;
  wrong.leaf_samples = {1, 2};
  EXPECT_FALSE(from(wrong).has_value());
  wrong = tree;
  wrong.features = {2};
  EXPECT_FALSE(from(wrong).has_value());
  wrong = tree;
  wrong.cuts = {std::numeric_limits<float>::infinity()};
  EXPECT_FALSE(from(wrong).has_value());
  wrong = Tree(2);
  wrong.MarkInner(0);  // Its parent, the root, is empty.
  wrong.cuts = {0.5f};
  wrong.features = {1};
  wrong.leaf_samples = {1, 3};
  EXPECT_FALSE(from(wrong).has_value());
}

TEST(IsolationForestTest, RefusesOptionsOutOfRange) {
  const Eigen::MatrixXd samples = NormalSamples(10, 2);
  EXPECT_FALSE(IsolationForest::Fit(samples, {.trees = 0}).has_value());
  EXPECT_FALSE(IsolationForest::Fit(samples, {.trees = 10'001}).has_value());
  EXPECT_FALSE(IsolationForest::Fit(samples, {.subsample = 1}).has_value());
  EXPECT_FALSE(IsolationForest::Fit(samples, {.trees = 10'000, .subsample = 65'536}).has_value());
  EXPECT_FALSE(IsolationForest::Fit(Eigen::MatrixXd(0, 2), {}).has_value());
  EXPECT_FALSE(IsolationForest::Fit(Eigen::MatrixXd(5, 0), {}).has_value());
}

}  // namespace
}  // namespace promheal::anomaly
