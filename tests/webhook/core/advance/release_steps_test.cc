#include "webhook/core/advance/release_steps.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

TEST(ReleaseStepsTest, GoesDownItsStepsToNothing) {
  const Hold hold{.release = {50, 10}};
  const HeldOverride override{.full_percent = 40};
  EXPECT_EQ(LastStep(hold), 3U);
  EXPECT_EQ(PercentOf(override, hold, 0), 40);
  EXPECT_EQ(PercentOf(override, hold, 1), 40) << "never more than the action's own";
  EXPECT_EQ(PercentOf(override, hold, 2), 10);
  EXPECT_EQ(PercentOf(override, hold, 3), 0);
}

TEST(ReleaseStepsTest, WaitsTwiceAsLongAfterEachRelapseUpToItsMost) {
  const Hold hold{.at_least = 10s, .at_most = 1min, .step = 5s};
  EXPECT_EQ(BackOff(hold, 0), 10s);
  EXPECT_EQ(BackOff(hold, 1), 20s);
  EXPECT_EQ(BackOff(hold, 2), 40s);
  EXPECT_EQ(BackOff(hold, 3), 60s);
  EXPECT_EQ(BackOff(hold, 300), 60s);
  EXPECT_EQ(BackOff({.at_least = 0s, .at_most = 1min, .step = 5s}, 1), 10s)
      << "also if there is no wait at first";
}

}  // namespace
}  // namespace promheal::healing
