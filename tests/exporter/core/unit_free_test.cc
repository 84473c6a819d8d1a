#include "exporter/core/unit_free.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

TEST(UnitFreeTest, IsTheLogarithmOfOnePlusUnits) {
  EXPECT_DOUBLE_EQ(ToUnitFree(0.0, 5.0), 0.0);
  EXPECT_DOUBLE_EQ(ToUnitFree(5.0, 5.0), std::log(2.0));
  EXPECT_DOUBLE_EQ(ToUnitFree(-15.0, 5.0), -std::log(4.0));
}

TEST(UnitFreeTest, IsTheSameInSecondsAndInMilliseconds) {
  EXPECT_DOUBLE_EQ(ToUnitFree(0.25, 0.1), ToUnitFree(250.0, 100.0));
}

TEST(UnitFreeTest, ReadsBack) {
  for (const double value : {-1e9, -0.5, 0.0, 1e-9, 3.0, 1e12}) {
    EXPECT_NEAR(FromUnitFree(ToUnitFree(value, 0.3), 0.3), value, 1e-12 * std::abs(value) + 1e-15);
  }
}

TEST(UnitFreeTest, MissingStaysMissing) { EXPECT_TRUE(std::isnan(ToUnitFree(kNaN, 1.0))); }

TEST(UnitOfTest, IsAQuarterOfTheTypicalMagnitude) {
  EXPECT_DOUBLE_EQ(UnitOf(Eigen::Vector4d(8, -8, kNaN, 8), 0.0), 2.0);
}

TEST(UnitOfTest, IsAtLeastTheGivenUnit) {
  EXPECT_DOUBLE_EQ(UnitOf(Eigen::Vector3d(0, 0, 0), 0.02), 0.02);
  EXPECT_DOUBLE_EQ(UnitOf(Eigen::Vector3d(40, 40, 40), 0.02), 10.0);
}

TEST(UnitOfTest, IgnoresZerosIfMostValuesAreZero) {
  EXPECT_DOUBLE_EQ(UnitOf(Eigen::Vector4d(0, 0, 0, 12), 0.0), 3.0);
}

TEST(UnitOfTest, IsOneWithoutValues) {
  EXPECT_DOUBLE_EQ(UnitOf(Eigen::Vector3d(0, 0, 0), 0.0), 1.0);
  EXPECT_DOUBLE_EQ(UnitOf(Eigen::VectorXd(), 0.0), 1.0);
  EXPECT_DOUBLE_EQ(UnitOf(Eigen::VectorXd::Constant(1, kNaN), 0.5), 0.5);
}

}  // namespace
}  // namespace promheal::anomaly
