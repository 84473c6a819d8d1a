#include "exporter/core/tail/tail_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace promheal::anomaly {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> OneTo(int n) {
  std::vector<double> samples;
  for (int i = 1; i <= n; ++i) samples.push_back(i);
  return samples;
}

std::vector<double> Exponential(int n, uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<double> samples;
  for (int i = 0; i < n; ++i) {
    samples.push_back(-std::log(1.0 - std::generate_canonical<double, 53>(generator)));
  }
  return samples;
}

TEST(TailModelTest, FollowsTheFormula) {
  const TailModel tail = FitTail(
      OneTo(100), {.share = 0.1, .sample_weight = 1.0, .prior_excess = 3.0, .prior_weight = 2.0});
  // t = 1 + 0.9 * 99 = 90.1; excesses 0.9, 1.9, ..., 9.9: k = 10, S = 54.
  EXPECT_DOUBLE_EQ(tail.start(), 90.1);
  EXPECT_DOUBLE_EQ(tail.tail_probability, 11.0 / 101.0);
  EXPECT_DOUBLE_EQ(tail.exponent, 2.0 + 10.0);
  EXPECT_NEAR(tail.scale, 2.0 * 3.0 + 54.0, 1e-9);
  EXPECT_NEAR(LogSurvival(tail, 90.1 + 60.0), std::log(11.0 / 101.0) - 12.0 * std::log(2.0), 1e-9);
  EXPECT_NEAR(ExcessNats(tail, 90.1 + 60.0), 12.0 * std::log(2.0), 1e-9);
}

TEST(TailModelTest, OverlappingSamplesWeighLess) {
  const TailModel tail = FitTail(
      OneTo(100), {.share = 0.1, .sample_weight = 0.25, .prior_excess = 3.0, .prior_weight = 2.0});
  EXPECT_DOUBLE_EQ(tail.exponent, 2.0 + 2.5);
  EXPECT_NEAR(tail.scale, 6.0 + 13.5, 1e-9);
  EXPECT_DOUBLE_EQ(tail.tail_probability, 3.5 / 26.0);
}

TEST(TailModelTest, InTheBodyUsesTheSamplesQuantiles) {
  const TailModel tail = FitTail(OneTo(1001), {.sample_weight = 1.0});
  EXPECT_NEAR(std::exp(LogSurvival(tail, 501)), 0.5, 0.01);
  EXPECT_NEAR(std::exp(LogSurvival(tail, 251)), 0.75, 0.01);
  EXPECT_EQ(LogSurvival(tail, 1), 0.0);
  EXPECT_EQ(LogSurvival(tail, -5), 0.0);
  EXPECT_EQ(ExcessNats(tail, 501), 0.0);
}

TEST(TailModelTest, FallsStrictlyAndWithoutAJump) {
  const TailModel tail = FitTail(Exponential(500, 1), {});
  double before = LogSurvival(tail, 0.05);
  for (double x = 0.06; x < 50.0; x += 0.01) {
    const double now = LogSurvival(tail, x);
    EXPECT_LT(now, before) << x;
    EXPECT_GT(now, before - 0.2) << x;
    before = now;
  }
}

TEST(TailModelTest, AMissingValueIsNotImprobable) {
  EXPECT_EQ(LogSurvival(FitTail(OneTo(10), {}), kNaN), 0.0);
}

TEST(TailModelTest, IgnoresMissingSamples) {
  std::vector<double> samples = OneTo(50);
  samples.insert(samples.begin() + 10, kNaN);
  EXPECT_EQ(FitTail(samples, {}), FitTail(OneTo(50), {}));
}

TEST(TailModelTest, WithoutSamplesThePriorRemains) {
  const TailModel tail = FitTail({}, {.prior_excess = 2.0, .prior_weight = 10.0});
  EXPECT_EQ(tail.start(), 0.0);
  EXPECT_EQ(tail.tail_probability, 1.0);
  EXPECT_NEAR(LogSurvival(tail, 20.0), -10.0 * std::log(2.0), 1e-12);
}

TEST(TailModelTest, AConstantIsOrdinaryAndLargerValuesAreNot) {
  const TailModel tail = FitTail(std::vector<double>(100, 4.0), {.prior_excess = 0.1});
  EXPECT_EQ(LogSurvival(tail, 4.0), 0.0);
  EXPECT_LT(LogSurvival(tail, 5.0), -10.0);
}

TEST(TailModelTest, FewSamplesMakeACautiousThreshold) {
  const double log_q = std::log(1e-5);
  double before = std::numeric_limits<double>::infinity();
  for (const int n : {30, 300, 3000, 30000}) {
    const double threshold = TailQuantile(FitTail(Exponential(n, 7), {}), log_q);
    EXPECT_LT(threshold, before) << n;
    before = threshold;
  }
  EXPECT_NEAR(before, -log_q, 0.5)
      << "with many samples it is the exponential distribution's quantile";
}

TEST(TailModelTest, QuantileIsTheInverseOfLogSurvival) {
  const TailModel tail = FitTail(Exponential(200, 3), {});
  for (const double log_p : {-3.0, -8.0, -20.0}) {
    EXPECT_NEAR(LogSurvival(tail, TailQuantile(tail, log_p)), log_p, 1e-9);
  }
  EXPECT_EQ(TailQuantile(tail, std::log(0.5)), tail.start());
}

// Alert budgets rest on this: about a share q of new samples from the same distribution exceeds the
// threshold for q. These samples are independent, so each has its full weight.
TEST(TailModelTest, RealisedRateIsWithinAFactorTwoOfTheRequestedRate) {
  const std::vector<double> fresh = Exponential(2'000'000, 99);
  for (const double q : {1e-3, 1e-4}) {
    std::vector<double> rates;
    for (uint64_t seed = 0; seed < 21; ++seed) {
      const TailModel tail = FitTail(Exponential(2000, seed), {.sample_weight = 1.0});
      const double threshold = TailQuantile(tail, std::log(q));
      const auto above =
          std::count_if(fresh.begin(), fresh.end(), [&](double x) { return x > threshold; });
      rates.push_back(static_cast<double>(above) / static_cast<double>(fresh.size()));
    }
    std::nth_element(rates.begin(), rates.begin() + 10, rates.end());
    EXPECT_GT(rates[10], q / 2) << q;
    EXPECT_LT(rates[10], q * 2) << q;
  }
}

}  // namespace
}  // namespace promheal::anomaly
