#include "exporter/core/baseline.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Eigen::MatrixXd OneColumn(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(),
                                           static_cast<Eigen::Index>(values.size()));
}

std::vector<double> Residuals(const Eigen::MatrixXd& rows, std::vector<int32_t> regimes,
                              int horizon) {
  const Eigen::MatrixXd residuals = HistoryResiduals(rows, regimes, horizon);
  return {residuals.data(), residuals.data() + residuals.size()};
}

TEST(BaselineTest, ExpectsTheMedianOfEachColumn) {
  Eigen::MatrixXd rows(3, 2);
  rows << 1, kNaN, 2, 10, 90, kNaN;
  EXPECT_EQ(ExpectedValues(rows), Eigen::RowVector2d(2, 10));
}

TEST(BaselineTest, ExpectsNaNInAColumnWithoutValues) {
  EXPECT_TRUE(std::isnan(ExpectedValues(OneColumn({kNaN, kNaN}))(0)));
  EXPECT_TRUE(std::isnan(ExpectedValues(Eigen::MatrixXd(0, 1))(0)));
}

TEST(BaselineTest, SubtractsTheMedianOfTheRowsBefore) {
  // Horizon 3: rows 0 to 2 share median(1, 2, 3) = 2. Row 3 has the same rows before it. Row 4 has
  // median(2, 3, 10) = 3.
  EXPECT_EQ(Residuals(OneColumn({1, 2, 3, 10, 4}), {0, 0, 0, 0, 0}, 3),
            (std::vector<double>{-1, 0, 1, 8, 1}));
}

TEST(BaselineTest, AShortHistorySharesItsMedian) {
  EXPECT_EQ(Residuals(OneColumn({1, 2, 6}), {0, 0, 0}, 100), (std::vector<double>{-1, 0, 4}));
}

TEST(BaselineTest, DoesNotLookAcrossAnAcceptedChange) {
  EXPECT_EQ(Residuals(OneColumn({1, 1, 1, 50, 50, 51}), {0, 0, 0, 1, 1, 1}, 2),
            (std::vector<double>{0, 0, 0, 0, 0, 1}));
}

TEST(BaselineTest, SkipsMissingValues) {
  const std::vector<double> residuals =
      Residuals(OneColumn({1, kNaN, 3, kNaN, 5}), {0, 0, 0, 0, 0}, 2);
  EXPECT_EQ(residuals[0], 0);  // median(1)
  EXPECT_TRUE(std::isnan(residuals[1]));
  EXPECT_EQ(residuals[2], 2);  // 3 - median(1)
  EXPECT_EQ(residuals[4], 2);  // 5 - median(3)
}

TEST(BaselineTest, FollowsADriftAndForgetsAStep) {
  Eigen::VectorXd values(200);
  for (int i = 0; i < 200; ++i) values(i) = 0.01 * i + (i >= 100 ? 5.0 : 0.0);
  const std::vector<double> residuals = Residuals(values, std::vector<int32_t>(200, 0), 20);
  EXPECT_NEAR(residuals[99], 0.105, 1e-9) << "a slow drift leaves a small residual";
  EXPECT_GT(residuals[100], 5.0) << "a step stands out";
  EXPECT_NEAR(residuals[199], 0.105, 1e-9) << "and is the new baseline a horizon later";
}

}  // namespace
}  // namespace promheal::anomaly
