#include "exporter/core/season.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "exporter/core/baseline.h"
#include "exporter/core/forest/random.h"
#include "exporter/core/statistics/robust_statistics.h"

namespace promheal::anomaly {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::weeks;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kHorizon = 12;

// Rows every `step`: noise, and values that a test adds.
struct History {
  std::vector<Time> times;
  Eigen::VectorXd values;
  std::vector<int32_t> regimes;

  template <typename Shape>
  History(Duration step, int rows, const Shape& shape, uint64_t seed = 1)
      : values(rows), regimes(static_cast<size_t>(rows), 0) {
    Random random(seed, 0);
    for (int i = 0; i < rows; ++i) {
      times.push_back(Time(step * i));
      const double noise = 0.1 * (random.Unit() + random.Unit() + random.Unit() - 1.5);
      values(i) = shape(times.back()) + noise;
    }
  }
  Season Fit(std::vector<Duration> cycles) const {
    return FitSeason({times, values, regimes, kHorizon}, {.cycles = std::move(cycles)});
  }
};

double HourOf(Time time, Duration cycle = days(1)) {
  return std::chrono::duration<double, std::ratio<3600>>(time - AlignDown(time, cycle)).count();
}

double Batch(Time time) { return HourOf(time) >= 3.0 && HourOf(time) < 4.0 ? 1.0 : 0.0; }

TEST(SeasonTest, FindsANightlyBatchAndExpectsItTheNextNight) {
  const History history(minutes(10), 5 * 144, Batch);
  const Season season = history.Fit({days(1), weeks(1)});
  ASSERT_EQ(season.profiles.size(), 1U);
  EXPECT_EQ(season.profiles[0].cycle, Duration(days(1)));
  const double at_night =
      SeasonAt(season.profiles, {}, Time(days(9) + hours(3) + minutes(30))).value;
  const double by_day = SeasonAt(season.profiles, {}, Time(days(9) + hours(15))).value;
  EXPECT_NEAR(at_night - by_day, 1.0, 0.1);
}

TEST(SeasonTest, NoiseWanderingAndStepsAreNoSeason) {
  Random random(3, 0);
  double wandering = 0.0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_TRUE(History(
                    minutes(10), 5 * 144, [](Time) { return 0.0; }, seed)
                    .Fit({days(1)})
                    .profiles.empty())
        << seed;
    EXPECT_TRUE(History(
                    minutes(10), 5 * 144,
                    [&](Time) { return wandering += 0.1 * (random.Unit() - 0.5); }, seed)
                    .Fit({days(1)})
                    .profiles.empty())
        << seed;
    EXPECT_TRUE(
        History(
            minutes(10), 5 * 144, [](Time time) { return time < Time(days(2)) ? 0.0 : 1.0; }, seed)
            .Fit({days(1)})
            .profiles.empty())
        << seed;
  }
}

TEST(SeasonTest, OneIncidentIsNoSeason) {
  const auto incident = [](Time time) {
    return time > Time(days(1) + hours(5)) && time < Time(days(1) + hours(7)) ? 2.0 : 0.0;
  };
  for (const int rows : {2 * 144, 3 * 144, 5 * 144}) {
    EXPECT_TRUE(History(minutes(10), rows, incident).Fit({days(1)}).profiles.empty()) << rows;
  }
}

TEST(SeasonTest, AnIncidentIsNotExpectedAgainBesideARealSeason) {
  const History history(minutes(10), 4 * 144, [](Time time) {
    const bool incident = time > Time(days(1) + hours(12)) && time < Time(days(1) + hours(14));
    return Batch(time) + (incident ? 2.0 : 0.0);
  });
  const Season season = history.Fit({days(1)});
  ASSERT_EQ(season.profiles.size(), 1U);
  EXPECT_NEAR(SeasonAt(season.profiles, {}, Time(days(7) + hours(13))).value,
              SeasonAt(season.profiles, {}, Time(days(7) + hours(18))).value, 0.1);
}

TEST(SeasonTest, ACycleIsUsedOnceTheHistorySpansItTwice) {
  EXPECT_TRUE(History(minutes(10), 144 + 100, Batch).Fit({days(1)}).profiles.empty());
  EXPECT_EQ(History(minutes(10), 2 * 144 + 10, Batch).Fit({days(1)}).profiles.size(), 1U);
}

TEST(SeasonTest, AWeekIsFoundOnTopOfTheDay) {
  const History history(hours(1), 4 * 168, [](Time time) {
    const bool sunday = HourOf(time, weeks(1)) < 24.0;
    return std::sin(2.0 * M_PI * HourOf(time) / 24.0) - (sunday ? 1.0 : 0.0);
  });
  const Season season = history.Fit({days(1), weeks(1)});
  ASSERT_EQ(season.profiles.size(), 2U);
  EXPECT_EQ(season.profiles[1].cycle, Duration(weeks(1)));
}

TEST(SeasonTest, WavesOfAMinuteAreACycleLikeAnyOther) {
  const History history(seconds(2), 10 * 30, [](Time time) {
    return 0.4 * std::sin(2.0 * M_PI * HourOf(time, minutes(1)) * 60.0);
  });
  const Season season = history.Fit({seconds(60)});
  ASSERT_EQ(season.profiles.size(), 1U);
  EXPECT_EQ(season.profiles[0].bins.size(), 30U);
  EXPECT_NEAR(SeasonAt(season.profiles, {}, Time(hours(5) + seconds(15))).value, 0.4, 0.08);
  const Eigen::VectorXd without = HistoryResiduals(history.values, history.regimes, kHorizon);
  const Eigen::VectorXd with =
      HistoryResiduals(history.values - season.values(), history.regimes, kHorizon);
  EXPECT_LT(RobustStandardDeviation(with), 0.5 * RobustStandardDeviation(without));
}

TEST(SeasonTest, RowsAreJudgedByTheOtherCycles) {
  const History history(minutes(10), 3 * 144, [](Time time) {
    const bool incident = time > Time(days(1) + hours(12)) && time < Time(days(1) + hours(14));
    return Batch(time) + (incident ? 2.0 : 0.0);
  });
  const Season season = history.Fit({days(1)});
  ASSERT_EQ(season.profiles.size(), 1U);
  EXPECT_LT(season.of_rows[144 + 78].value, 0.2) << "13:00 of the second day";
}

TEST(SeasonTest, MissingValuesDoNotMatter) {
  History history(minutes(10), 5 * 144, Batch);
  for (int i = 0; i < 720; i += 3) history.values(i) = kNaN;
  history.values.segment(300, 40).setConstant(kNaN);
  const Season season = history.Fit({days(1)});
  ASSERT_EQ(season.profiles.size(), 1U);
  for (const double bin : season.profiles[0].bins) EXPECT_FALSE(std::isnan(bin));
}

TEST(SeasonTest, EmptyConstantAndMissingHistoriesHaveNoSeason) {
  EXPECT_TRUE(History(minutes(10), 0, Batch).Fit({days(1)}).profiles.empty());
  History constant(minutes(10), 720, Batch);
  constant.values.setConstant(4.0);
  EXPECT_TRUE(constant.Fit({days(1)}).profiles.empty());
  constant.values.setConstant(kNaN);
  EXPECT_TRUE(constant.Fit({days(1)}).profiles.empty());
}

TEST(SeasonTest, BeingALittleEarlyOrLateIsExplained) {
  const SeasonalValue season{.value = 1.0, .below = -0.5, .above = 0.25};
  EXPECT_EQ(season.Unexplained(0.2), 0.0);
  EXPECT_EQ(season.Unexplained(-0.5), 0.0);
  EXPECT_EQ(season.Unexplained(1.25), 1.0);
  EXPECT_EQ(season.Unexplained(-2.5), -2.0);
  EXPECT_TRUE(std::isnan(season.Unexplained(kNaN)));
}

}  // namespace
}  // namespace promheal::anomaly
