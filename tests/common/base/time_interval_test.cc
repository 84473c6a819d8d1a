#include "common/base/time_interval.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

using namespace std::chrono_literals;

Time At(const char* text) { return *ParseRfc3339(text); }

// Clocks of Berlin in 2026: summer time from 29 March, 1:00 UTC, to 25 October, 1:00 UTC.
Calendar Berlin() {
  return {{{Time::min(), 1h}, {At("2026-03-29T01:00:00Z"), 2h}, {At("2026-10-25T01:00:00Z"), 1h}}};
}

std::optional<Time> Until(const TimeInterval& interval, const char* from) {
  return CoveredUntil({&interval}, At(from));
}

struct Row {
  const char* sentence;
  TimeInterval interval;
  const char* time;
  bool contains;
};

const Row kRows[] = {
    {"a part of a day begins with its first moment",
     {.times = {{2h, 4h}}},
     "2026-05-01T02:00:00Z",
     true},
    {"and ends before its last", {.times = {{2h, 4h}}}, "2026-05-01T04:00:00Z", false},
    {"24:00 is the end of the day", {.times = {{22h, 24h}}}, "2026-05-01T23:59:59.999Z", true},
    {"one of several parts is enough",
     {.times = {{2h, 4h}, {6h, 7h}}},
     "2026-05-01T06:30:00Z",
     true},
    {"a Saturday is no working day", {.weekdays = {{1, 5}}}, "2026-11-21T12:00:00Z", false},
    {"a Friday is", {.weekdays = {{1, 5}}}, "2026-11-20T12:00:00Z", true},
    {"weekdays pass the end of the week", {.weekdays = {{6, 1}}}, "2026-11-22T12:00:00Z", true},
    {"and leave out what is between", {.weekdays = {{6, 1}}}, "2026-11-24T12:00:00Z", false},
    {"the first week of a month", {.days_of_month = {{1, 7}}}, "2026-11-07T12:00:00Z", true},
    {"the last day of a short month", {.days_of_month = {{-1, -1}}}, "2026-02-28T12:00:00Z", true},
    {"the last day of a February of 29 days",
     {.days_of_month = {{-1, -1}}},
     "2028-02-28T12:00:00Z",
     false},
    {"a range to the last day", {.days_of_month = {{25, -1}}}, "2026-04-30T12:00:00Z", true},
    {"a month without a 31st", {.days_of_month = {{31, 31}}}, "2026-04-30T12:00:00Z", false},
    {"months pass the end of the year", {.months = {{11, 2}}}, "2026-01-15T12:00:00Z", true},
    {"a year", {.years = {{2027, 2028}}}, "2026-12-31T23:59:00Z", false},
    {"all that is given must agree",
     {.times = {{2h, 4h}}, .weekdays = {{1, 1}}},
     "2026-11-24T03:00:00Z",
     false},
    {"clocks of the place count",
     {.times = {{2h, 4h}}, .calendar = Berlin()},
     "2026-07-01T00:30:00Z",
     true},
    {"and so does its date",
     {.weekdays = {{1, 1}}, .calendar = Berlin()},
     "2026-11-22T23:30:00Z",
     true},
};

TEST(TimeIntervalTest, MeansWhatAlertmanagersDoes) {
  for (const Row& row : kRows) {
    EXPECT_EQ(Contains(row.interval, At(row.time)), row.contains) << row.sentence;
  }
}

TEST(TimeIntervalTest, EndsWithThePartOfTheDay) {
  const TimeInterval nights{.times = {{22h, 24h}, {0h, 6h}}};
  EXPECT_EQ(Until(nights, "2026-11-21T23:00:00Z"), At("2026-11-22T06:00:00Z"));
  EXPECT_EQ(Until(nights, "2026-11-21T21:59:59Z"), std::nullopt);
}

TEST(TimeIntervalTest, DaysThatFollowEachOtherEndWithTheLast) {
  const TimeInterval weekend{.weekdays = {{6, 0}}};
  EXPECT_EQ(Until(weekend, "2026-11-21T08:00:00Z"), At("2026-11-23T00:00:00Z"));
  const TimeInterval december{.months = {{12, 12}}};
  EXPECT_EQ(Until(december, "2026-12-01T00:00:00Z"), At("2027-01-01T00:00:00Z"));
}

TEST(TimeIntervalTest, SeveralThatOverlapEndTogether) {
  const TimeInterval early{.times = {{1h, 3h}}};
  const TimeInterval late{.times = {{2h, 5h}}};
  EXPECT_EQ(CoveredUntil({&early, &late}, At("2026-11-21T01:30:00Z")), At("2026-11-21T05:00:00Z"));
  EXPECT_EQ(CoveredUntil({}, At("2026-11-21T01:30:00Z")), std::nullopt);
}

TEST(TimeIntervalTest, WhatNeverEndsSaysSo) {
  EXPECT_EQ(Until({.weekdays = {{0, 6}}}, "2026-11-21T01:30:00Z"), Time::max());
  EXPECT_EQ(Until({.years = {{2026, 2026}}}, "2026-01-01T00:00:00Z"), At("2027-01-01T00:00:00Z"));
}

// In the night of 29 March, after 1:59 comes 3:00.
TEST(TimeIntervalTest, TheHourThatIsLeftOutInSpringIsLeftOut) {
  const TimeInterval nightly{.times = {{90min, 210min}}, .calendar = Berlin()};
  EXPECT_EQ(Until(nightly, "2026-03-29T00:30:00Z"), At("2026-03-29T01:30:00Z"));
  const TimeInterval gone{.times = {{2h, 3h}}, .calendar = Berlin()};
  EXPECT_EQ(Until(gone, "2026-03-29T00:59:00Z"), std::nullopt);
  EXPECT_EQ(Until(gone, "2026-03-29T01:00:00Z"), std::nullopt);
}

// In the night of 25 October, after 2:59 comes 2:00 again.
TEST(TimeIntervalTest, TheHourThatComesTwiceInAutumnCountsTwice) {
  const TimeInterval whole{.times = {{2h, 3h}}, .calendar = Berlin()};
  EXPECT_EQ(Until(whole, "2026-10-25T00:00:00Z"), At("2026-10-25T02:00:00Z"));
  const TimeInterval part{.times = {{135min, 165min}}, .calendar = Berlin()};
  EXPECT_EQ(Until(part, "2026-10-25T00:20:00Z"), At("2026-10-25T00:45:00Z"));
  EXPECT_EQ(Until(part, "2026-10-25T01:20:00Z"), At("2026-10-25T01:45:00Z"));
}

// Minute by minute, over days on which clocks change and over ends of months.
TEST(TimeIntervalTest, UntilItEndsItAlwaysContainsTheMoment) {
  const TimeInterval intervals[] = {
      {.times = {{90min, 150min}, {23h, 24h}}, .calendar = Berlin()},
      {.times = {{0h, 24h}}, .weekdays = {{5, 0}}, .calendar = Berlin()},
      {.times = {{150min, 1000min}}, .days_of_month = {{-3, -1}}, .calendar = Berlin()}};
  for (const TimeInterval& interval : intervals) {
    for (const char* from : {"2026-03-27T00:00:00Z", "2026-10-23T00:00:00Z"}) {
      std::optional<Time> told;
      for (Time time = At(from); time < At(from) + std::chrono::days(5); time += 1min) {
        const std::optional<Time> until = CoveredUntil({&interval}, time);
        ASSERT_EQ(until.has_value(), Contains(interval, time)) << FormatRfc3339(time);
        const bool goes_on = told && time < *told;
        const bool is_over = told && time == *told;
        ASSERT_TRUE(!goes_on || until == told) << FormatRfc3339(time);
        ASSERT_TRUE(!is_over || !until) << FormatRfc3339(time);
        told = until;
      }
    }
  }
}

}  // namespace
}  // namespace promheal
