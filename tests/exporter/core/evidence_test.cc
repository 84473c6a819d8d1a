#include "exporter/core/evidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Residuals from -0.5 to 0.5.
FeatureModel Fit(const FeatureSpec& spec) {
  const Eigen::VectorXd residuals = Eigen::VectorXd::LinSpaced(101, -0.5, 0.5);
  const Eigen::VectorXd unit_free = residuals.array() + std::log(5.0);
  return FitFeatureModel(spec, 1.0, unit_free, residuals, 10);
}

TEST(EvidenceTest, GrowsOnlyInTheDirectionThatMatters) {
  for (const Direction direction : {Direction::kBoth, Direction::kUp, Direction::kDown}) {
    const FeatureSpec spec{.direction = direction};
    const FeatureModel feature = Fit(spec);
    const double up = FeatureEvidence(spec, feature, 2.0);
    const double down = FeatureEvidence(spec, feature, -2.0);
    EXPECT_EQ(up > 5.0, direction != Direction::kDown);
    EXPECT_EQ(down > 5.0, direction != Direction::kUp);
  }
}

TEST(EvidenceTest, AMissingValueIsNoEvidence) {
  EXPECT_EQ(FeatureEvidence({}, Fit({}), kNaN), 0.0);
}

TEST(EvidenceTest, AConstantThatStaysIsNoEvidence) {
  const FeatureModel feature =
      FitFeatureModel({}, 1.0, Eigen::VectorXd::Constant(50, 0.7), Eigen::VectorXd::Zero(50), 10);
  EXPECT_EQ(FeatureEvidence({}, feature, 0.0), 0.0);
}

}  // namespace
}  // namespace promheal::anomaly
