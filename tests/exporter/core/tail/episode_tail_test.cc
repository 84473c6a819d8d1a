#include "exporter/core/tail/episode_tail.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "exporter/core/forest/random.h"

namespace promheal::anomaly {
namespace {

std::vector<double> Exponential(int n, uint64_t seed) {
  Random random(seed, 0);
  std::vector<double> samples;
  for (int i = 0; i < n; ++i) samples.push_back(-std::log(1.0 - random.Unit()));
  return samples;
}

// Replaces each value by the maximum of the last `span` values, so that disturbances last that
// long.
std::vector<double> Lasting(const std::vector<double>& values, size_t span) {
  std::vector<double> lasting;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto last = values.begin() + static_cast<std::ptrdiff_t>(i) + 1;
    lasting.push_back(
        *std::max_element(last - static_cast<std::ptrdiff_t>(std::min(span, i + 1)), last));
  }
  return lasting;
}

// How many alerts a rule raises: one an episode, after `persistence` samples in a row above
// `threshold`.
int Alerts(const std::vector<double>& evidence, int persistence, double threshold) {
  int alerts = 0;
  int above = 0;
  int calm = EpisodeSample::kCalmSamples;
  for (const double value : evidence) {
    above = value > threshold ? above + 1 : 0;
    const bool firing = above >= persistence;
    if (firing && calm >= EpisodeSample::kCalmSamples) ++alerts;
    calm = firing ? 0 : calm + 1;
  }
  return alerts;
}

TEST(EpisodeTailTest, AnEpisodeIsARunOfPersistentSamples) {
  // Minima of two successive samples: -, 1, 1, 9, 5, 1, 1, ..., 1, 7, 3, 1.
  std::vector<double> evidence = {1, 1, 9, 9, 5, 1, 1, 1, 1, 1, 1, 1, 7, 8, 3, 1, 1};
  const EpisodeSample sample = SampleEpisodes(evidence, {}, 2, 0.5);
  EXPECT_EQ(sample.start, 1.0);
  EXPECT_EQ(sample.excesses, (std::vector<double>{2.0, 4.0, 6.0, 8.0}));
  EXPECT_EQ(sample.episodes, 2.0);
  EXPECT_EQ(sample.episodes_per_excess, 0.5);
}

TEST(EpisodeTailTest, NearDisturbancesBelongToTheSameEpisode) {
  const EpisodeSample sample =
      SampleEpisodes({0, 0, 5, 0, 0, 6, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0}, {}, 1, 0.5);
  EXPECT_EQ(sample.excesses, (std::vector<double>{5.0, 5.0, 6.0}));
  EXPECT_EQ(sample.episodes, 2.0);
}

TEST(EpisodeTailTest, PersistenceDoesNotReachAcrossAGap) {
  std::vector<bool> breaks(6, false);
  breaks[3] = true;
  const EpisodeSample sample = SampleEpisodes({0, 0, 9, 9, 9, 0}, breaks, 2, 0.5);
  EXPECT_EQ(sample.persistent.size(), 4U);
  EXPECT_EQ(sample.episodes, 1.0) << "samples four and five, without the sample before the gap";
}

TEST(EpisodeTailTest, TheTailCombinesExcessesAndPrior) {
  EpisodeSample sample;
  sample.persistent.assign(1000, 1.0);
  sample.start = 1.0;
  sample.excesses.assign(6, 2.0);  // Too few to fit a shape.
  sample.episodes = 5.0;
  sample.episodes_per_excess = 0.5;
  const TailModel tail =
      FitEpisodeTail(sample, 0.1, {.shape = 0.1, .excess = 1.0, .excess_weight = 15.0});
  EXPECT_NEAR(tail.tail_probability, 0.5 * 7.0 / 1001.0, 1e-12);
  EXPECT_NEAR(1.0 / tail.exponent, 0.1 + 1.0 / 20.0, 1e-12);
}

TEST(EpisodeTailTest, WithoutSamplesThePriorRemains) {
  const TailModel tail = FitEpisodeTail(SampleEpisodes({}, {}, 3, 0.1), 0.1, {});
  EXPECT_EQ(tail.start(), 0.0);
  EXPECT_LT(LogSurvival(tail, 30.0), -10.0);
  EXPECT_GT(LogSurvival(tail, 30.0), -31.0);
}

// Alert budgets rest on this: over the many targets of a fleet, an alert begins in about a share q
// of new samples, whatever the rule's persistence and however long disturbances last.
TEST(EpisodeTailTest, AlertsBeginAboutAsOftenAsTheBudgetAllows) {
  struct Row {
    const char* what;
    size_t span;
    int persistence;
  };
  for (const Row& row : std::vector<Row>{{"independent samples", 1, 1},
                                         {"disturbances of four samples", 4, 1},
                                         {"the same, three in a row", 4, 3},
                                         {"longer ones, two in a row", 8, 2}}) {
    for (const int n : {1440, 10'000}) {
      const double q = 2e-4;
      int alerts = 0;
      constexpr int kTargets = 60;
      constexpr int kFresh = 20'000;
      for (uint64_t target = 0; target < kTargets; ++target) {
        const EpisodeSample sample =
            SampleEpisodes(Lasting(Exponential(n, target), row.span), {}, row.persistence, 0.1);
        const double threshold = TailQuantile(FitEpisodeTail(sample, 0.1, {}), std::log(q));
        alerts += Alerts(Lasting(Exponential(kFresh, 1000 + target), row.span), row.persistence,
                         threshold);
      }
      const double rate = static_cast<double>(alerts) / (kTargets * static_cast<double>(kFresh));
      EXPECT_GT(rate, q / 2) << row.what << ", " << n;
      EXPECT_LT(rate, q * 2) << row.what << ", " << n;
    }
  }
}

}  // namespace
}  // namespace promheal::anomaly
