#include "exporter/core/statistics/gpd_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace promheal::anomaly {
namespace {

// Quantiles of a generalised Pareto at evenly spaced probabilities.
std::vector<double> Ideal(const GeneralisedPareto& pareto, int n) {
  std::vector<double> excesses;
  for (int i = 0; i < n; ++i) excesses.push_back(Quantile(pareto, std::log1p(-(i + 0.5) / n)));
  return excesses;
}

TEST(GeneralisedParetoTest, SurvivalIsThatOfTheThreeKindsOfTail) {
  EXPECT_DOUBLE_EQ(LogSurvival({.shape = 0.0, .scale = 2.0}, 3.0), -1.5);
  EXPECT_DOUBLE_EQ(LogSurvival({.shape = 0.5, .scale = 1.0}, 2.0), -2.0 * std::log(2.0));
  EXPECT_DOUBLE_EQ(LogSurvival({.shape = -1.0, .scale = 4.0}, 1.0), std::log(0.75));
  EXPECT_EQ(LogSurvival({.shape = -1.0, .scale = 4.0}, 4.0),
            -std::numeric_limits<double>::infinity());
  EXPECT_EQ(LogSurvival({.shape = 0.5, .scale = 1.0}, -2.0), 0.0);
}

TEST(GeneralisedParetoTest, QuantileIsTheInverseOfSurvival) {
  for (const double shape : {-1.0, -0.3, 0.0, 1e-12, 0.2, 1.5}) {
    const GeneralisedPareto pareto{shape, 3.0};
    EXPECT_NEAR(LogSurvival(pareto, Quantile(pareto, -2.5)), -2.5, 1e-9) << shape;
  }
}

// Reference: a nested golden-section search of the likelihood over shape and ln scale, in Python.
TEST(FitGeneralisedParetoTest, AgreesWithASearchOfTheWholeLikelihood) {
  std::vector<double> light;
  for (int i = 1; i <= 20; ++i) light.push_back(0.1 * i * i + 0.05 * i);
  const GeneralisedPareto light_fit = FitGeneralisedPareto(light);
  EXPECT_NEAR(light_fit.shape, -0.496667, 1e-5);
  EXPECT_NEAR(light_fit.scale, 23.462711, 1e-4);
  std::vector<double> heavy;
  for (int i = 1; i <= 30; ++i)
    heavy.push_back(std::pow(1.0 / (1.0 - (i - 0.5) / 30.0), 0.5) - 1.0);
  const GeneralisedPareto heavy_fit = FitGeneralisedPareto(heavy);
  EXPECT_NEAR(heavy_fit.shape, 0.450202, 1e-5);
  EXPECT_NEAR(heavy_fit.scale, 0.516269, 1e-4);
}

TEST(FitGeneralisedParetoTest, FindsTheDistributionOfTheSample) {
  for (const double shape : {-0.4, -0.2, 0.0, 0.1, 0.5, 1.0}) {
    const GeneralisedPareto fit = FitGeneralisedPareto(Ideal({shape, 3.0}, 2000));
    EXPECT_NEAR(fit.shape, shape, 0.02) << shape;
    EXPECT_NEAR(fit.scale, 3.0, 0.08) << shape;
  }
}

TEST(FitGeneralisedParetoTest, EndsAUniformSampleJustBeyondItsLargest) {
  const GeneralisedPareto fit = FitGeneralisedPareto(Ideal({-1.0, 3.0}, 1000));
  EXPECT_NEAR(-fit.scale / fit.shape, 3.0, 0.005);
}

TEST(FitGeneralisedParetoTest, DoesNotDependOnTheUnit) {
  std::vector<double> excesses = Ideal({0.3, 1.0}, 300);
  const GeneralisedPareto fit = FitGeneralisedPareto(excesses);
  for (double& y : excesses) y *= 1e9;
  const GeneralisedPareto scaled = FitGeneralisedPareto(excesses);
  EXPECT_NEAR(scaled.shape, fit.shape, 1e-9);
  EXPECT_NEAR(scaled.scale / 1e9, fit.scale, 1e-9);
}

TEST(FitGeneralisedParetoTest, NoOtherShapeIsLikelier) {
  const std::vector<double> excesses = Ideal({0.25, 2.0}, 50);
  const double best = LogLikelihood(FitGeneralisedPareto(excesses), excesses);
  for (double shape = -0.9; shape < 2.0; shape += 0.05) {
    EXPECT_LE(LogLikelihood(FitScale(excesses, shape), excesses), best + 1e-9) << shape;
  }
}

TEST(FitGeneralisedParetoTest, FitsASingleExcessAndEqualExcesses) {
  for (const std::vector<double>& excesses :
       {std::vector<double>{2.0}, std::vector<double>(20, 2.0)}) {
    const GeneralisedPareto fit = FitGeneralisedPareto(excesses);
    EXPECT_GE(fit.shape, -1.0);
    EXPECT_GT(fit.scale, 0.0);
    EXPECT_GE(LogSurvival(fit, 1.9), -10.0);
  }
  EXPECT_EQ(FitGeneralisedPareto({}), GeneralisedPareto{});
}

TEST(FitScaleTest, FindsTheScaleForAKnownShape) {
  for (const double shape : {-0.5, 0.0, 0.3, 1.0}) {
    EXPECT_NEAR(FitScale(Ideal({shape, 7.0}, 2000), shape).scale, 7.0, 0.05) << shape;
  }
}

}  // namespace
}  // namespace promheal::anomaly
