#include "services/load/load_plan.h"

#include <gtest/gtest.h>

#include "services/load/arrivals.h"

namespace promheal::shop {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

LoadPlan Steady(double rate) { return LoadPlan({.rate = rate, .pattern = LoadPattern::kSteady}); }

PatternChange Spike(double factor, Duration duration) {
  return {LoadPattern::kSpike, duration, factor};
}

// Requests from `from` to `to`, evenly spaced, asked for every 5 ms as the generator does.
size_t Requests(const LoadPlan& plan, Arrivals* arrivals, Duration from, Duration to) {
  size_t requests = 0;
  for (Duration now = from; now <= to; now += Duration(5)) requests += arrivals->Advance(plan, now);
  return requests;
}

TEST(LoadPlanTest, SteadyIsTheSameAtAllTimes) {
  const LoadPlan plan = Steady(40);
  for (const double elapsed : {0.0, 0.5, 59.0, 86400.0}) EXPECT_EQ(plan.RateAt(elapsed), 40);
}

TEST(LoadPlanTest, AWaveGoesUpAndDownByItsAmplitude) {
  const LoadPlan plan({.rate = 40, .wave_period = seconds(60), .wave_amplitude = 0.4});
  struct Row {
    double elapsed;
    double rate;
  };
  for (const Row& row : {Row{0, 40}, Row{15, 56}, Row{30, 40}, Row{45, 24}, Row{60, 40},
                         Row{75, 56}, Row{5, 48}}) {  // sin 30 degrees is 1/2
    EXPECT_NEAR(plan.RateAt(row.elapsed), row.rate, 1e-9) << row.elapsed;
  }
}

TEST(LoadPlanTest, AnEpisodeMultipliesTheRateAndEndsByItself) {
  LoadPlan plan = Steady(40);
  plan.Apply(Spike(4, seconds(60)), seconds(100));
  EXPECT_EQ(plan.RateAt(100), 160);
  EXPECT_EQ(plan.PatternAt(100), LoadPattern::kSpike);
  EXPECT_EQ(plan.RateAt(159.999), 160);
  EXPECT_EQ(plan.RateAt(160), 40);
  EXPECT_EQ(plan.PatternAt(160), LoadPattern::kSteady);
}

TEST(LoadPlanTest, ASpikeRidesOnTheWave) {
  LoadPlan plan({.rate = 40, .wave_period = seconds(60), .wave_amplitude = 0.4});
  plan.Apply(Spike(2, seconds(60)), seconds(0));
  EXPECT_NEAR(plan.RateAt(15), 112, 1e-9);
}

TEST(LoadPlanTest, ANewEpisodeReplacesTheLastAndASettledPatternEndsIt) {
  LoadPlan plan = Steady(40);
  plan.Apply(Spike(4, seconds(60)), seconds(0));
  plan.Apply({LoadPattern::kDrop, seconds(10), 0.1}, seconds(1));
  EXPECT_EQ(plan.RateAt(2), 4);
  plan.Apply({LoadPattern::kSteady, {}, 1}, seconds(3));
  EXPECT_EQ(plan.RateAt(3), 40);
}

TEST(LoadPlanTest, TheRateIsBoundedWhateverTheFactors) {
  LoadPlan plan = Steady(500);
  plan.Apply(Spike(20, seconds(60)), seconds(0));
  EXPECT_EQ(plan.RateAt(1), kMaxLoadRate);
}

TEST(ArrivalsTest, EvenlySpacedTheyAreExactlyTheRate) {
  Arrivals arrivals(std::nullopt);
  const LoadPlan plan = Steady(40);
  EXPECT_EQ(arrivals.Advance(plan, Duration(24)), 0U);
  EXPECT_EQ(arrivals.Advance(plan, Duration(25)), 1U);
  EXPECT_EQ(arrivals.Advance(plan, Duration(25)), 0U);
  EXPECT_EQ(arrivals.Advance(plan, seconds(10)), 399U);
}

TEST(ArrivalsTest, AWholeWaveIsTheMeanRateAndItsHalvesAreNot) {
  // The half-wave above the mean holds 40 * (30 + 0.4 * 60 / pi) = 1505.6 requests.
  Arrivals arrivals(std::nullopt);
  const LoadPlan plan({.rate = 40, .wave_period = seconds(60), .wave_amplitude = 0.4});
  EXPECT_EQ(Requests(plan, &arrivals, seconds(0), seconds(30)), 1505U);
  EXPECT_EQ(Requests(plan, &arrivals, seconds(30), seconds(60)), 2400U - 1505U);
}

TEST(ArrivalsTest, ASpikeAddsExactlyItsRequests) {
  Arrivals arrivals(std::nullopt);
  LoadPlan plan = Steady(40);
  EXPECT_EQ(Requests(plan, &arrivals, seconds(0), seconds(10)), 400U);
  plan.Apply(Spike(4, seconds(60)), seconds(10));
  EXPECT_EQ(Requests(plan, &arrivals, seconds(10), seconds(70)), 9600U);
  EXPECT_EQ(Requests(plan, &arrivals, seconds(70), seconds(80)), 400U);
}

TEST(ArrivalsTest, ADropToNothingSendsNothing) {
  Arrivals arrivals(std::nullopt);
  LoadPlan plan = Steady(40);
  plan.Apply({LoadPattern::kDrop, seconds(60), 0}, seconds(0));
  EXPECT_EQ(Requests(plan, &arrivals, seconds(0), seconds(60)), 0U);
  EXPECT_EQ(Requests(plan, &arrivals, seconds(60), seconds(61)), 40U);
}

TEST(ArrivalsTest, RandomOnesHaveThePoissonMeanAndVariance) {
  // 1000 windows of one second at 40/s: mean and variance 40; five standard errors are 1 and 9.
  Arrivals arrivals(7U);
  const LoadPlan plan = Steady(40);
  double sum = 0;
  double sum_of_squares = 0;
  constexpr int kWindows = 1000;
  for (int i = 1; i <= kWindows; ++i) {
    const auto requests = static_cast<double>(arrivals.Advance(plan, seconds(i)));
    sum += requests;
    sum_of_squares += requests * requests;
  }
  const double mean = sum / kWindows;
  EXPECT_NEAR(mean, 40, 1);
  EXPECT_NEAR(sum_of_squares / kWindows - mean * mean, 40, 9);
}

TEST(PatternChangeTest, ReadsWhatMayBeAskedFor) {
  using Query = std::map<std::string, std::string>;
  struct Row {
    Query query;
    PatternChange expected;
    const char* description;
  };
  for (const Row& row : {
           Row{{{"name", "steady"}}, {LoadPattern::kSteady, {}, 1}, "steady from now on"},
           Row{{{"name", "wave"}}, {LoadPattern::kWave, {}, 1}, "wave from now on"},
           Row{{{"name", "spike"}}, Spike(4, seconds(60)), "spike for 1m: 4 times the usual rate"},
           Row{{{"name", "spike"}, {"duration", "10m"}, {"factor", "2.5"}},
               Spike(2.5, minutes(10)),
               "spike for 10m: 2.5 times the usual rate"},
           Row{{{"name", "drop"}, {"factor", "0"}},
               {LoadPattern::kDrop, seconds(60), 0},
               "drop for 1m: 0 times the usual rate"},
           Row{{{"name", "odd"}, {"duration", "30s"}},
               {LoadPattern::kOdd, seconds(30), 1},
               "odd for 30s: 1 times the usual rate"},
       }) {
    const Result<PatternChange> change = ParsePatternChange(row.query);
    ASSERT_TRUE(change.has_value()) << change.error().message;
    EXPECT_EQ(*change, row.expected) << row.description;
    EXPECT_EQ(Describe(*change), row.description);
  }
}

TEST(PatternChangeTest, SaysWhatItExpectedInstead) {
  struct Row {
    std::map<std::string, std::string> query;
    const char* message;
  };
  for (const Row& row : {
           Row{{}, "name: '' is none: expected steady, wave, spike, drop or odd"},
           Row{{{"name", "storm"}},
               "name: 'storm' is none: expected steady, wave, spike, drop or odd"},
           Row{{{"name", "spike"}, {"factor", "21"}},
               "factor: '21' is not right: expected a number from 1 to 20 for spike"},
           Row{{{"name", "spike"}, {"factor", "nan"}},
               "factor: 'nan' is not right: expected a number from 1 to 20 for spike"},
           Row{{{"name", "drop"}, {"factor", "2"}},
               "factor: '2' is not right: expected a number from 0 to 1 for drop"},
           Row{{{"name", "odd"}, {"duration", "1h"}},
               "duration: '1h' is not right: expected a duration from 1s to 10m"},
           Row{{{"name", "wave"}, {"duration", "1m"}},
               "duration: name=wave takes no other parameters"},
           Row{{{"name", "spike"}, {"rate", "9"}},
               "rate: name=spike takes only duration and factor"},
       }) {
    const Result<PatternChange> change = ParsePatternChange(row.query);
    ASSERT_FALSE(change.has_value()) << row.message;
    EXPECT_EQ(change.error().message, row.message);
  }
}

}  // namespace
}  // namespace promheal::shop
