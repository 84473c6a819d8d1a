#include "exporter/core/tail/tail_pool.h"

#include <gtest/gtest.h>

#include <cmath>

#include "exporter/core/forest/random.h"
#include "exporter/core/statistics/gpd_fit.h"

namespace promheal::anomaly {
namespace {

TailEvidence Seen(const GeneralisedPareto& pareto, int n, uint64_t seed) {
  Random random(seed, 0);
  TailEvidence seen{.episodes = static_cast<double>(n)};
  for (int i = 0; i < n; ++i)
    seen.excesses.push_back(Quantile(pareto, std::log(1.0 - random.Unit())));
  return seen;
}

TailPrior Pool(const std::vector<TailEvidence>& fleet) {
  std::vector<const TailEvidence*> targets;
  for (const TailEvidence& each : fleet) targets.push_back(&each);
  return PoolTailShapes(targets, {});
}

TEST(TailPoolTest, FindsTheShapeThatTargetsOfAllScalesHaveInCommon) {
  for (const double shape : {0.0, 0.3}) {
    std::vector<TailEvidence> fleet;
    for (uint64_t i = 0; i < 60; ++i) {
      fleet.push_back(Seen({shape, std::pow(10.0, static_cast<double>(i % 5))}, 60, i));
    }
    const TailPrior prior = Pool(fleet);
    EXPECT_NEAR(prior.shape, shape, 0.07);
    EXPECT_GT(prior.shape_weight, 60.0)
        << "the fleet's shape weighs more than a target's own with 60 episodes";
  }
}

TEST(TailPoolTest, IfTargetsDifferThePooledShapeWeighsLess) {
  std::vector<TailEvidence> fleet;
  for (uint64_t i = 0; i < 60; ++i) fleet.push_back(Seen({i % 2 == 0 ? 0.7 : -0.3, 1.0}, 200, i));
  EXPECT_LT(Pool(fleet).shape_weight, 30.0);
}

TEST(TailPoolTest, NeedsEnoughTargetsAndEpisodes) {
  EXPECT_EQ(Pool({}), TailPrior{});
  EXPECT_EQ(Pool(std::vector(4, Seen({0.3, 1.0}, 100, 1))), TailPrior{});
  EXPECT_EQ(Pool(std::vector(50, Seen({0.3, 1.0}, 19, 1))), TailPrior{});
}

// The purpose of pooling: a heavy tail of which each target has seen only 30 episodes.
TEST(TailPoolTest, GivesRightThresholdsOnAverageFromFewEpisodes) {
  const GeneralisedPareto truth{0.25, 1.0};
  std::vector<TailEvidence> fleet;
  for (uint64_t i = 0; i < 100; ++i) fleet.push_back(Seen(truth, 30, i));
  const auto rate = [&](const TailPrior& prior) {
    double sum = 0.0;
    for (const TailEvidence& seen : fleet) {
      EpisodeSample sample{.persistent = std::vector<double>(1000, 0.0),
                           .excesses = seen.excesses,
                           .episodes = seen.episodes};
      const TailModel tail = FitEpisodeTail(sample, 0.1, prior);
      const double threshold = TailQuantile(tail, std::log(tail.tail_probability * 0.01));
      sum += std::exp(LogSurvival(truth, threshold)) / 0.01;
    }
    return sum / static_cast<double>(fleet.size());
  };
  const double alone = rate({.shape = 0.0, .shape_weight = 1000.0});
  const double pooled = rate(Pool(fleet));
  EXPECT_GT(alone, 2.0) << "an exponential tail instead gives too many alerts";
  EXPECT_LT(pooled, 2.0);
  EXPECT_GT(pooled, 0.5);
}

}  // namespace
}  // namespace promheal::anomaly
