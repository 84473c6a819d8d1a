#include "exporter/core/statistics/robust_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Eigen::VectorXd Of(std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::VectorXd>(values.begin(),
                                           static_cast<Eigen::Index>(values.size()));
}

TEST(RobustStatisticsTest, MedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle) {
  EXPECT_EQ(Median(Of({3, 1, 2})), 2);
  EXPECT_EQ(Median(Of({4, 1, 2, 3})), 2.5);
}

TEST(RobustStatisticsTest, QuantilesAreLinearBetweenOrderStatistics) {
  const std::vector<double> ascending = {10, 20, 30, 40, 50};
  EXPECT_EQ(QuantileOfSorted(ascending, 0.0), 10);
  EXPECT_EQ(QuantileOfSorted(ascending, 1.0), 50);
  EXPECT_DOUBLE_EQ(QuantileOfSorted(ascending, 0.1), 14);  // Position 0.4 of 0..4.
}

TEST(RobustStatisticsTest, DeviationOfOneToFive) {
  // Median 3, absolute deviations 2 1 0 1 2, their median 1.
  EXPECT_DOUBLE_EQ(RobustStandardDeviation(Of({1, 2, 3, 4, 5})), 1.4826);
}

TEST(RobustStatisticsTest, NearlyHalfOfTheDataCannotSpoilThem) {
  const Eigen::VectorXd spoilt = Of({1, 2, 3, 1e9, 1e9});
  EXPECT_EQ(Median(spoilt), 3);
  EXPECT_DOUBLE_EQ(RobustStandardDeviation(spoilt), 1.4826 * 2);
}

TEST(RobustStatisticsTest, MissingValuesDoNotCount) {
  EXPECT_EQ(Median(Of({kNaN, 1, kNaN, 3})), 2);
  EXPECT_EQ(SortedPresent(Of({2, kNaN, 1})), (std::vector<double>{1, 2}));
}

TEST(RobustStatisticsTest, AreNaNWithoutValues) {
  EXPECT_TRUE(std::isnan(Median(Of({kNaN}))));
  EXPECT_TRUE(std::isnan(RobustStandardDeviation(Eigen::VectorXd())));
}

}  // namespace
}  // namespace promheal::anomaly
