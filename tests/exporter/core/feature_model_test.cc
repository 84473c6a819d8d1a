#include "exporter/core/feature_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "exporter/core/context.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Residuals from -0.5 to 0.5 around an expected unit-free value of log 5, which is 4 in unit 1.
FeatureModel Fit(const FeatureSpec& spec, int minimum_samples = 10) {
  const Eigen::VectorXd residuals = Eigen::VectorXd::LinSpaced(101, -0.5, 0.5);
  const Eigen::VectorXd unit_free = residuals.array() + std::log(5.0);
  return FitFeatureModel(spec, 1.0, unit_free, residuals, minimum_samples);
}

TEST(FeatureTest, DeviatesOnlyTheWayThatMatters) {
  EXPECT_EQ(InDirection(Direction::kBoth, -2.0), -2.0);
  EXPECT_EQ(InDirection(Direction::kUp, -2.0), 0.0);
  EXPECT_EQ(InDirection(Direction::kUp, 2.0), 2.0);
  EXPECT_EQ(InDirection(Direction::kDown, 2.0), 0.0);
  EXPECT_TRUE(std::isnan(InDirection(Direction::kUp, kNaN)));
}

TEST(FeatureTest, MinimumDeviationIsTheLargerOfAbsoluteAndRelative) {
  const FeatureSpec spec{.minimum_absolute = 3.0, .minimum_relative = 0.5};
  EXPECT_EQ(MinimumDeviation(spec, 4.0), 3.0);
  EXPECT_EQ(MinimumDeviation(spec, -10.0), 5.0);
}

TEST(FeatureModelTest, LearnsCentreSpreadAndBand) {
  const FeatureModel feature = Fit({});
  EXPECT_TRUE(feature.usable);
  EXPECT_DOUBLE_EQ(feature.centre, std::log(5.0));
  EXPECT_NEAR(feature.deviation_scale, 1.4826 * 0.25, 1e-9);
  EXPECT_NEAR(feature.lower_residual, -0.495, 1e-9);
  EXPECT_NEAR(feature.upper_residual, 0.495, 1e-9);
}

TEST(FeatureModelTest, IsNotUsableWithTooFewValues) { EXPECT_FALSE(Fit({}, 102).usable); }

TEST(FeatureModelTest, AConstantFeatureHasASmallestDeviation) {
  const FeatureModel feature =
      FitFeatureModel({}, 1.0, Eigen::VectorXd::Constant(50, 0.7), Eigen::VectorXd::Zero(50), 10);
  EXPECT_DOUBLE_EQ(feature.deviation_scale, 0.01);
}

TEST(FeatureModelTest, MinimumResidualsAreTheMinimumDeviationInUnitFreeTerms) {
  const FeatureSpec spec{.minimum_absolute = 2.0};
  const MinimumResiduals minimum = MinimumResidualsAt(spec, 1.0, ToUnitFree(4.0, 1.0));
  EXPECT_NEAR(minimum.above, std::log(7.0 / 5.0), 1e-12);  // 4 -> 6.
  EXPECT_NEAR(minimum.below, std::log(5.0 / 3.0), 1e-12);  // 4 -> 2.
}

TEST(ContextTest, ShowsBothViewsOfUsableFeaturesOnly) {
  const FeatureSet features{.specs = {{.name = "a"}, {.name = "b", .direction = Direction::kUp}}};
  std::vector<FeatureModel> models(2);
  models[1].usable = true;
  EXPECT_EQ(ContextColumns(features, models),
            (std::vector<ContextColumn>{{1, View::kLevel, Direction::kUp},
                                        {1, View::kResidual, Direction::kUp}}));
}

TEST(ContextTest, CutsTheHarmlessWayToZero) {
  const std::vector<ContextColumn> columns = {{0, View::kLevel, Direction::kBoth},
                                              {1, View::kLevel, Direction::kUp},
                                              {1, View::kResidual, Direction::kDown}};
  EXPECT_EQ(ContextRows(columns, Eigen::RowVector2d(-1, -2), Eigen::RowVector2d(-3, -4)),
            (Eigen::MatrixXd(Eigen::RowVector3d(-1, 0, -4))));
}

}  // namespace
}  // namespace promheal::anomaly
