#include "exporter/core/tail/threshold.h"

#include <gtest/gtest.h>

#include <cmath>

namespace promheal::anomaly {
namespace {

using std::chrono::seconds;

TEST(ThresholdTest, TheBudgetIsSharedOutOverTheSamplesOfAWeek) {
  // A week has 604,800 s, so 40,320 samples at 15 s and 302,400 at 2 s.
  EXPECT_DOUBLE_EQ(LogAlertProbability(1.0, seconds(15)), -std::log(40320.0));
  EXPECT_DOUBLE_EQ(LogAlertProbability(2.0, seconds(2)), -std::log(151200.0));
}

TEST(ThresholdTest, NoBudgetAllowsMoreThanEveryTenthSample) {
  EXPECT_DOUBLE_EQ(LogAlertProbability(1e9, seconds(15)), std::log(0.1));
}

TEST(ThresholdTest, TheScoreIsZeroForOrdinaryOneAtTheThresholdTwoForTwiceAsSurprising) {
  std::vector<double> nats;
  for (int i = 0; i < 1000; ++i) nats.push_back(-std::log((i + 0.5) / 1000.0));
  const TailModel evidence = FitTail(nats, {.sample_weight = 1.0});
  const double log_q = LogAlertProbability(1.0, seconds(15));
  EXPECT_EQ(CalibratedScore(evidence, 0.0, log_q), 0.0);
  EXPECT_NEAR(CalibratedScore(evidence, EvidenceAtThreshold(evidence, log_q), log_q), 1.0, 1e-9);
  EXPECT_NEAR(CalibratedScore(evidence, EvidenceAtThreshold(evidence, 2 * log_q), log_q), 2.0,
              1e-9);
}

}  // namespace
}  // namespace promheal::anomaly
