#include "common/base/calendar.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

// Two hours ahead from the tenth day on, before that one.
const Calendar kZone{{{Time(), hours(1)}, {Time(days(10)), hours(2)}}};

TEST(CalendarTest, DaysBeginAtALocalMidnight) {
  EXPECT_EQ(kZone.Phase(Time(days(3) + hours(23)), days(1)), hours(0));
  EXPECT_EQ(kZone.Phase(Time(days(12) + hours(22)), days(1)), hours(0));
  EXPECT_EQ(kZone.Phase(Time(days(12) + hours(21)), days(1)), hours(23));
}

TEST(CalendarTest, WithoutOffsetsItIsUtc) {
  EXPECT_EQ(Calendar{}.Phase(Time(days(3) + hours(5)), days(1)), hours(5));
}

TEST(CalendarTest, AWeekReturnsToTheSamePhaseAfterSevenDays) {
  const Time time(days(17) + hours(9));
  EXPECT_EQ(kZone.Phase(time, days(7)), kZone.Phase(time + days(7), days(7)));
  EXPECT_NE(kZone.Phase(time, days(7)), kZone.Phase(time + days(1), days(7)));
}

TEST(CalendarTest, ShorterCyclesIgnoreClockChanges) {
  EXPECT_EQ(kZone.Phase(Time(days(12) + seconds(75)), seconds(60)), seconds(15));
  EXPECT_EQ(kZone.Phase(Time(days(10) - hours(1)), hours(5)), hours(239 % 5));
  EXPECT_EQ(kZone.Phase(Time(days(10) + hours(4)), hours(5)), hours(244 % 5));
}

TEST(CalendarTest, SaysWhatClocksShowAndWhenTheyAreChangedNext) {
  EXPECT_EQ(kZone.OffsetAt(Time(days(10)) - seconds(1)), hours(1));
  EXPECT_EQ(kZone.OffsetAt(Time(days(10))), hours(2));
  EXPECT_EQ(kZone.NextChange(Time(days(9))), Time(days(10)));
  EXPECT_EQ(kZone.NextChange(Time(days(10))), Time::max());
  EXPECT_EQ(Calendar{}.NextChange(Time()), Time::max());
}

}  // namespace
}  // namespace promheal
