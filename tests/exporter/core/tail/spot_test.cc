#include "tests/exporter/core/tail/spot.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <vector>

#include "exporter/core/forest/random.h"
#include "exporter/core/tail/episode_tail.h"
#include "exporter/core/tail/tail_pool.h"

namespace promheal::anomaly {
namespace {

// A known tail, given by the inverse of its survival function.
struct KnownTail {
  const char* name;
  std::function<double(double)> of_survival;
  std::function<double(double)> survival;
};

const std::vector<KnownTail>& KnownTails() {
  static const std::vector<KnownTail> kTails = {
      {"exponential", [](double p) { return -std::log(p); }, [](double x) { return std::exp(-x); }},
      {"Pareto", [](double p) { return std::pow(p, -0.5); },
       [](double x) { return x < 1.0 ? 1.0 : std::pow(x, -2.0); }},
      {"uniform", [](double p) { return 1.0 - p; },
       [](double x) { return std::clamp(1.0 - x, 0.0, 1.0); }}};
  return kTails;
}

std::vector<double> Draw(const KnownTail& known, int n, uint64_t seed) {
  Random random(seed, 0);
  std::vector<double> samples;
  for (int i = 0; i < n; ++i) samples.push_back(known.of_survival(1.0 - random.Unit()));
  return samples;
}

double MedianOf(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

TEST(SpotTest, QuantileFollowsEquationOne) {
  SpotTail tail;
  tail.ascending.assign(1000, 0.0);
  tail.excesses.assign(50, 1.0);
  tail.start = 10.0;
  tail.pareto = {.shape = 0.5, .scale = 2.0};
  tail.fitted = true;
  // q n / N_t = 1e-4 * 1000 / 50 = 0.002.
  EXPECT_NEAR(SpotQuantile(tail, 1e-4), 10.0 + 2.0 / 0.5 * (std::pow(0.002, -0.5) - 1.0), 1e-9);
}

TEST(SpotTest, WithFewExcessesUsesTheSamplesQuantiles) {
  std::vector<double> samples;
  for (int i = 0; i <= 50; ++i) samples.push_back(i);
  const SpotTail tail = FitSpot(samples);
  EXPECT_FALSE(tail.fitted);
  EXPECT_DOUBLE_EQ(SpotQuantile(tail, 0.1), 45.0);
  EXPECT_NEAR(SpotQuantile(tail, 1e-5), 50.0, 1e-3);
  EXPECT_EQ(SpotInterval(tail, 1e-5, 3.84).upper, std::numeric_limits<double>::infinity());
}

TEST(SpotTest, HasNoFitForAConstant) {
  const SpotTail tail = FitSpot(std::vector<double>(500, 3.0));
  EXPECT_FALSE(tail.fitted);
  EXPECT_DOUBLE_EQ(SpotQuantile(tail, 1e-4), 3.0);
}

TEST(SpotTest, UsesAKnownShape) {
  const KnownTail& exponential = KnownTails()[0];
  const SpotTail tail = WithShape(FitSpot(Draw(exponential, 300, 1)), 0.0);
  EXPECT_EQ(tail.pareto.shape, 0.0);
  EXPECT_NEAR(tail.pareto.scale, 1.0, 0.5);
}

TEST(SpotTest, TheIntervalHoldsTheThresholdAndIsLopsided) {
  for (const KnownTail& known : KnownTails()) {
    const SpotTail tail = FitSpot(Draw(known, 3000, 5));
    const double threshold = SpotQuantile(tail, 1e-4);
    const ThresholdInterval interval = SpotInterval(tail, 1e-4, 3.84);
    EXPECT_LT(interval.lower, threshold) << known.name;
    EXPECT_GT(interval.upper, threshold) << known.name;
    EXPECT_GT(interval.upper - threshold, threshold - interval.lower) << known.name;
  }
}

// About a share q of new samples from the same distribution exceeds the threshold for q.
TEST(SpotTest, RealisedRateIsWithinAFactorTwoOfTheRequestedRate) {
  for (const KnownTail& known : KnownTails()) {
    std::map<double, std::vector<double>> rates;  // By requested rate.
    for (uint64_t seed = 0; seed < 100; ++seed) {
      const SpotTail tail = FitSpot(Draw(known, 10'000, seed));
      for (const double q : {1e-3, 1e-4}) {
        rates[q].push_back(known.survival(SpotQuantile(tail, q)));
      }
    }
    for (const auto& [q, realised] : rates) {
      EXPECT_GT(MedianOf(realised), q / 2) << known.name << " " << q;
      EXPECT_LT(MedianOf(realised), q * 2) << known.name << " " << q;
    }
  }
}

// The detector's own tail, trained by a fleet of ten such targets with pooled shapes and episodes
// of single samples. It gives every value a probability above 0, so for a tail with an end it
// overestimates the rate.
TEST(SpotTest, TheDetectorsTailHoldsTheSameRates) {
  for (const KnownTail& known : KnownTails()) {
    const auto sample_of = [&](uint64_t seed) {
      return SampleEpisodes(Draw(known, 10'000, seed), {}, 1, 0.1);
    };
    std::vector<TailEvidence> fleet;
    for (uint64_t seed = 1000; seed < 1010; ++seed) fleet.push_back(EvidenceOf(sample_of(seed)));
    std::vector<const TailEvidence*> pointers;
    for (const TailEvidence& evidence : fleet) pointers.push_back(&evidence);
    const TailPrior prior = PoolTailShapes(pointers, {});

    std::map<double, std::vector<double>> rates;  // By requested rate.
    for (uint64_t seed = 0; seed < 100; ++seed) {
      const TailModel tail = FitEpisodeTail(sample_of(seed), 0.1, prior);
      for (const double q : {1e-3, 1e-4}) {
        rates[q].push_back(known.survival(TailQuantile(tail, std::log(q))));
      }
    }
    for (const auto& [q, realised] : rates) {
      fmt::print("{:<12} {:>7}  realised / q: {:.2f}\n", known.name, q, MedianOf(realised) / q);
      const bool has_an_end = known.survival(1.0) == 0.0;
      EXPECT_GT(MedianOf(realised), has_an_end ? -1.0 : q / 2) << known.name << " " << q;
      EXPECT_LT(MedianOf(realised), q * 2) << known.name << " " << q;
    }
  }
}

// With fewer samples: how much the realised rate scatters, and how often the interval contains the
// true threshold.
TEST(SpotTest, CoverageOfTheIntervalWithFewerSamples) {
  fmt::print("{:<12} {:>6} {:>7}  {:>22}  {}\n", "tail", "n", "q", "realised rate / q (80 %)",
             "95 % interval holds the true threshold");
  for (const KnownTail& known : KnownTails()) {
    for (const int n : {500, 1500}) {
      for (const double q : {1e-3, 1e-4}) {
        constexpr int kSeeds = 60;
        std::vector<double> rates;
        int covered = 0;
        for (uint64_t seed = 0; seed < kSeeds; ++seed) {
          const SpotTail tail = FitSpot(Draw(known, n, seed));
          rates.push_back(known.survival(SpotQuantile(tail, q)) / q);
          const ThresholdInterval interval = SpotInterval(tail, q, 3.84);
          const double truth = known.of_survival(q);
          if (interval.lower <= truth && truth <= interval.upper) ++covered;
        }
        std::sort(rates.begin(), rates.end());
        fmt::print("{:<12} {:>6} {:>7}  {:>6.2f} {:>6.2f} {:>7.2f}   {:.2f}\n", known.name, n, q,
                   rates[kSeeds / 10], rates[kSeeds / 2], rates[kSeeds * 9 / 10],
                   static_cast<double>(covered) / kSeeds);
        EXPECT_GE(covered, 0.85 * kSeeds) << known.name << " " << n << " " << q;
      }
    }
  }
}

}  // namespace
}  // namespace promheal::anomaly
