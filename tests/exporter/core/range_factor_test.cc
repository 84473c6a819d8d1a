#include "exporter/core/range_factor.h"

#include <gtest/gtest.h>

#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Two columns with the bounds [0, 10] and [100, 200].
RangeBounds Bounds(RangeForm form = RangeForm::kMin) {
  return {.lower = Eigen::RowVector2d(0, 100),
          .upper = Eigen::RowVector2d(10, 200),
          .width = Eigen::RowVector2d(10, 100),
          .form = form};
}

TEST(RangeFactorTest, IsOneWithinTheBounds) {
  for (const double x : {0.0, 5.0, 10.0}) {
    const RangeFactor factor = ComputeRangeFactor(Bounds(), Eigen::RowVector2d(x, 150));
    EXPECT_EQ(factor.factor, 1.0);
    EXPECT_EQ(factor.column, -1);
  }
}

TEST(RangeFactorTest, FollowsTheFormula) {
  struct Row {
    double x0, x1, factor;
    int column;
  };
  for (const Row& row : std::vector<Row>{
           {15, 150, 1 / 1.5, 0},   // e = (15 - 10) / 10
           {-10, 150, 1 / 2.0, 0},  // e = (0 - -10) / 10
           {5, 500, 1 / 4.0, 1},    // e = (500 - 200) / 100
           {15, 500, 1 / 4.0, 1},   // The farthest column decides.
           {1000, 150, 1 / 100.0, 0},
       }) {
    const RangeFactor factor = ComputeRangeFactor(Bounds(), Eigen::RowVector2d(row.x0, row.x1));
    EXPECT_DOUBLE_EQ(factor.factor, row.factor) << row.x0 << " " << row.x1;
    EXPECT_EQ(factor.column, row.column);
  }
}

TEST(RangeFactorTest, MeanFormAveragesOverColumns) {
  const RangeFactor factor =
      ComputeRangeFactor(Bounds(RangeForm::kMean), Eigen::RowVector2d(20, 150));
  EXPECT_DOUBLE_EQ(factor.factor, (0.5 + 1.0) / 2);
  EXPECT_EQ(factor.column, 0);
}

TEST(RangeFactorTest, MissingValuesAreInRange) {
  EXPECT_EQ(ComputeRangeFactor(Bounds(), Eigen::RowVector2d(kNaN, 150)).factor, 1.0);
}

TEST(RangeFactorTest, BoundsAreQuantilesThatStraySpikesDoNotMove) {
  Eigen::MatrixXd rows = Eigen::VectorXd::LinSpaced(1001, 0.0, 1.0);
  const Eigen::RowVectorXd no_minimum = Eigen::RowVectorXd::Zero(1);
  EXPECT_NEAR(FitRangeBounds(rows, 0.005, no_minimum).upper(0), 0.995, 1e-12);
  for (int i = 0; i < 4; ++i) rows(i * 100) = 1e6;  // 0.4 % of the rows.
  EXPECT_LE(FitRangeBounds(rows, 0.005, no_minimum).upper(0), 1.0);
}

TEST(RangeFactorTest, AConstantHasAtLeastTheMinimumWidth) {
  const RangeBounds bounds = FitRangeBounds(Eigen::VectorXd::Constant(50, 7.0), 0.005,
                                            Eigen::RowVectorXd::Constant(1, 2.0));
  EXPECT_DOUBLE_EQ(ComputeRangeFactor(bounds, Eigen::RowVectorXd::Constant(1, 9.0)).factor, 0.5);
}

TEST(RangeFactorTest, AFeatureThatNeverHadAValueIsInRange) {
  const RangeBounds bounds =
      FitRangeBounds(Eigen::VectorXd::Constant(5, kNaN), 0.005, Eigen::RowVectorXd::Zero(1));
  EXPECT_EQ(ComputeRangeFactor(bounds, Eigen::RowVectorXd::Constant(1, 3.0)).factor, 1.0);
}

TEST(RangeFactorTest, UsesTheMeanFormIfColumnsOutnumberRows) {
  const auto form = [](int rows, int columns) {
    return FitRangeBounds(Eigen::MatrixXd::Random(rows, columns), 0.005,
                          Eigen::RowVectorXd::Zero(columns))
        .form;
  };
  EXPECT_EQ(form(30, 18), RangeForm::kMin);
  EXPECT_EQ(form(10, 11), RangeForm::kMean);
}

}  // namespace
}  // namespace promheal::anomaly
