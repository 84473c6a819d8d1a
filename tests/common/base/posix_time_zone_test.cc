#include "common/base/posix_time_zone.h"

#include <gtest/gtest.h>

#include <string>

namespace promheal {
namespace {

using namespace std::chrono_literals;

struct Row {
  const char* sentence;
  const char* rule;
  const char* time;  // UTC.
  Duration offset;
};

constexpr const char* kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";
constexpr const char* kNewYork = "EST5EDT,M3.2.0,M11.1.0";
constexpr const char* kSydney = "AEST-10AEDT,M10.1.0,M4.1.0/3";
constexpr const char* kDublin = "IST-1GMT0,M10.5.0,M3.5.0/1";

// Instants from the tables of tzdata 2025b, as Python's zoneinfo and `zdump -v` tell them.
const Row kRows[] = {
    {"Berlin: winter", kBerlin, "2026-01-15T12:00:00Z", 1h},
    {"summer begins on the last Sunday of March", kBerlin, "2026-03-29T00:59:59Z", 1h},
    {"at two o'clock", kBerlin, "2026-03-29T01:00:00Z", 2h},
    {"and ends on the last Sunday of October", kBerlin, "2026-10-25T00:59:59Z", 2h},
    {"at three of its own clocks", kBerlin, "2026-10-25T01:00:00Z", 1h},
    {"in another year on another day", kBerlin, "2037-03-29T00:59:59Z", 1h},
    {"and beyond any table", kBerlin, "2040-03-25T01:00:00Z", 2h},

    {"New York: the second Sunday of March", kNewYork, "2026-03-08T06:59:59Z", -5h},
    {"at two by its clocks", kNewYork, "2026-03-08T07:00:00Z", -4h},
    {"to the first of November", kNewYork, "2026-11-01T05:59:59Z", -4h},
    {"at two of summer time", kNewYork, "2026-11-01T06:00:00Z", -5h},

    {"Sydney: summer at New Year", kSydney, "2027-01-01T00:00:00Z", 11h},
    {"in the first year of all, too", kSydney, "2026-01-01T00:00:00Z", 11h},
    {"to the first Sunday of April", kSydney, "2026-04-04T15:59:59Z", 11h},
    {"at three of summer time", kSydney, "2026-04-04T16:00:00Z", 10h},
    {"winter in July", kSydney, "2026-07-01T00:00:00Z", 10h},
    {"to the first Sunday of October", kSydney, "2026-10-03T15:59:59Z", 10h},
    {"at two", kSydney, "2026-10-03T16:00:00Z", 11h},

    {"Dublin: the exception is the winter", kDublin, "2026-01-15T12:00:00Z", 0h},
    {"which ends in March", kDublin, "2026-03-29T00:59:59Z", 0h},
    {"at one", kDublin, "2026-03-29T01:00:00Z", 1h},
    {"and begins in October", kDublin, "2026-10-25T00:59:59Z", 1h},
    {"at two of summer time", kDublin, "2026-10-25T01:00:00Z", 0h},

    {"Kolkata knows no summer time", "IST-5:30", "2026-01-15T12:00:00Z", 5h + 30min},
    {"in no month", "IST-5:30", "2026-07-15T12:00:00Z", 5h + 30min},
    {"Tehran's name is a number", "<+0330>-3:30", "2026-07-15T12:00:00Z", 3h + 30min},
    {"St. John's is half an hour off", "NST3:30NDT,M3.2.0,M11.1.0", "2026-07-01T00:00:00Z",
     -2h - 30min},
    {"seconds count", "LMT-0:53:28", "2026-07-15T12:00:00Z", 53min + 28s},

    {"Lord Howe moves clocks by half an hour", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
     "2026-01-01T00:00:00Z", 11h},
    {"at two of both", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026-04-04T15:00:00Z", 10h + 30min},
    {"Nuuk moves them the day before", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z",
     -2h},
    {"an hour before midnight", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", -1h},
    {"Gaza two days later", "EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", 2h},
    {"fifty hours after midnight", "EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", 3h},

    {"J60 is 1 March", "XXX0YYY,J60/0,J300", "2027-03-01T00:00:00Z", 1h},
    {"and not the day before", "XXX0YYY,J60/0,J300", "2027-02-28T23:59:59Z", 0h},
    {"in leap years, too", "XXX0YYY,J60/0,J300", "2028-03-01T00:00:00Z", 1h},
    {"where 29 February is before it", "XXX0YYY,J60/0,J300", "2028-02-29T23:59:59Z", 0h},
    {"59 counts from 0", "XXX0YYY,59/0,300", "2027-03-01T00:00:00Z", 1h},
    {"with 29 February", "XXX0YYY,59/0,300", "2028-02-29T00:00:00Z", 1h},
    {"all the year: no hour is left at its end", "XXX3EDT4,0/0,J365/23", "2027-01-01T03:00:00Z",
     -4h},
    {"or before", "XXX3EDT4,0/0,J365/23", "2027-01-01T02:59:59Z", -4h},
};

TEST(PosixTimeZoneTest, ClocksShowWhatTheRuleSays) {
  for (const Row& row : kRows) {
    const Result<PosixTimeZone> zone = ParsePosixTimeZone(row.rule);
    ASSERT_TRUE(zone) << row.rule;
    const Calendar calendar = ToCalendar(*zone, std::chrono::year(2026), std::chrono::year(2040));
    EXPECT_EQ(calendar.OffsetAt(*ParseRfc3339(row.time)), row.offset)
        << row.sentence << ": " << row.rule << " at " << row.time;
  }
}

TEST(PosixTimeZoneTest, ARuleWithoutDaylightSavingTimeIsOneOffset) {
  EXPECT_EQ(
      ToCalendar(*ParsePosixTimeZone("EST5"), std::chrono::year(2026), std::chrono::year(2040)),
      (Calendar{{{Time::min(), -5h}}}));
}

TEST(PosixTimeZoneTest, RefusesWhatIsNoRule) {
  for (const char* text : {
           "",
           "CET",
           "CE-1",
           "<+0>-1",
           "<+01-1",
           "C3T-1",
           "-1",
           "CET-",
           "CET--1",
           "CET-25",
           "CET-1:60",
           "CET-1:30:60",
           "CET-1:",
           "CET-1 ",
           // Daylight saving time without its begin or end.
           "CET-1CEST",
           "CET-1CEST-2",
           "CET-1CEST,",
           "CET-1CEST,M3.5.0",
           "CET-1CEST,M3.5.0,",
           // Days that do not exist.
           "CET-1CEST,M0.5.0,M10.5.0",
           "CET-1CEST,M13.5.0,M10.5.0",
           "CET-1CEST,M3.0.0,M10.5.0",
           "CET-1CEST,M3.6.0,M10.5.0",
           "CET-1CEST,M3.5.7,M10.5.0",
           "CET-1CEST,M3.5,M10.5.0",
           "CET-1CEST,J0,J300",
           "CET-1CEST,J366,J300",
           "CET-1CEST,366,300",
           "CET-1CEST,1000,300",
           // Times out of range, and text after the rule.
           "CET-1CEST,M3.5.0/168,M10.5.0",
           "CET-1CEST,M3.5.0/-168,M10.5.0",
           "CET-1CEST,M3.5.0/,M10.5.0",
           "CET-1CEST,M3.5.0,M10.5.0/3,",
           "CET-1CEST,M3.5.0,M10.5.0x",
       }) {
    const Result<PosixTimeZone> zone = ParsePosixTimeZone(text);
    ASSERT_FALSE(zone) << text;
    EXPECT_EQ(zone.error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParsePosixTimeZone(std::string("CET-1\0", 6)));
}

}  // namespace
}  // namespace promheal
