#include "common/io/yaml/time_interval_options.h"

#include <gtest/gtest.h>

#include "common/io/time_zone.h"

namespace promheal {
namespace {

using namespace std::chrono_literals;

// The errors of a list below `windows`, one per line; "" if there are none.
std::string Read(const std::string& list, std::vector<TimeInterval>* intervals) {
  YamlDocument document = YamlDocument::Parse("a.yml", "windows:\n" + list);
  YamlMap root = document.root();
  ReadTimeIntervals(root, "windows", intervals);
  root.Finish();
  const Status status = document.status();
  return status ? "" : status.error().message;
}

std::string WrongWith(const std::string& list) {
  std::vector<TimeInterval> intervals;
  return Read(list, &intervals);
}

constexpr char kEverything[] = R"(
  - times:
      - {start_time: "09:00", end_time: "17:30"}
      - {start_time: 22:00, end_time: 24:00}
    weekdays: ["monday:friday", Sunday]
    days_of_month: ["1:7", -1]
    months: [december, 1, "june:8"]
    years: [2026, "2028:2030"]
    location: UTC
  - weekdays: ["saturday:monday"]
)";

TEST(TimeIntervalOptionsTest, ReadsWhatAlertmanagerReads) {
  std::vector<TimeInterval> intervals;
  ASSERT_EQ(Read(kEverything, &intervals), "");
  const TimeInterval everything{.times = {{9h, 17h + 30min}, {22h, 24h}},
                                .weekdays = {{1, 5}, {0, 0}},
                                .days_of_month = {{1, 7}, {-1, -1}},
                                .months = {{12, 12}, {1, 1}, {6, 8}},
                                .years = {{2026, 2026}, {2028, 2030}}};
  EXPECT_EQ(intervals, (std::vector<TimeInterval>{everything, {.weekdays = {{6, 1}}}}));
}

TEST(TimeIntervalOptionsTest, WhatIsWrittenIsReadAsTheSame) {
  std::vector<TimeInterval> intervals;
  ASSERT_EQ(Read(kEverything, &intervals), "");
  YamlWriter writer;
  WriteTimeIntervals("windows", intervals, writer);
  std::vector<TimeInterval> again;
  ASSERT_EQ(Read(writer.text().substr(writer.text().find('\n') + 1), &again), "") << writer.text();
  EXPECT_EQ(again, intervals) << writer.text();
}

struct Row {
  const char* list;
  const char* wrong;
};

const Row kRows[] = {
    {"  - weekdays: [mnday]",
     "a.yml:2:15: weekdays: 'mnday' is not understood: expected sunday to saturday, or a range "
     "such "
     "as monday:friday"},
    {"  - weekdays: [1]",
     "a.yml:2:15: weekdays: '1' is not understood: expected sunday to saturday, or a range such as "
     "monday:friday"},
    {"  - days_of_month: [0]",
     "a.yml:2:20: days_of_month: '0' is not understood: expected 1 to 31, -1 to -31 from the "
     "month's last day back, or a range such as 1:7 or -3:-1"},
    {"  - days_of_month: [\"-3:5\"]",
     "a.yml:2:20: days_of_month: '-3:5' is not understood: expected 1 to 31, -1 to -31 from the "
     "month's last day back, or a range such as 1:7 or -3:-1"},
    {"  - months: [13]",
     "a.yml:2:13: months: '13' is not understood: expected january to december, 1 to 12, or a "
     "range "
     "such as june:august"},
    {"  - years: [\"2028:2026\"]",
     "a.yml:2:12: years: '2028:2026' is not understood: expected a year, or a range such as "
     "2026:2028"},
    {"  - times: [{start_time: \"8:00\", end_time: \"24:01\"}]",
     "a.yml:2:26: start_time: '8:00' is not a time of day: expected HH:MM, from 00:00 to 24:00\n"
     "a.yml:2:44: end_time: '24:01' is not a time of day: expected HH:MM, from 00:00 to 24:00"},
    {"  - times: [{start_time: \"22:00\", end_time: \"06:00\"}]",
     "a.yml:2:45: end_time: 06:00 is not after 22:00: expected a later time of the same day; "
     "split a range past midnight in two, until 24:00 and from 00:00"},
    {"  - {years: [2026], location: Europe/Berln}",
     "a.yml:2:31: location: there is no time zone 'Europe/Berln': expected UTC or a name such as "
     "Europe/Berlin"},
    {"  - location: UTC",
     "a.yml:2:5: windows: this interval would never end: expected times, weekdays, days_of_month, "
     "months or years"},
    {"  - {times: [], weekdays: }",
     "a.yml:2:5: windows: this interval would never end: expected times, weekdays, days_of_month, "
     "months or years"},
    {"  - weekdays: monday", "a.yml:2:15: weekdays: is a single value: expected a list of texts"},
    {"  []", "a.yml:2:3: windows: expected at least one interval"},
};

TEST(TimeIntervalOptionsTest, SaysWhatIsWrongAndWhatWasExpected) {
  for (const Row& row : kRows) EXPECT_EQ(WrongWith(row.list), row.wrong) << row.list;
}

TEST(TimeIntervalOptionsTest, AListIsExpected) {
  YamlDocument document = YamlDocument::Parse("a.yml", "{}");
  YamlMap root = document.root();
  std::vector<TimeInterval> intervals;
  ReadTimeIntervals(root, "windows", &intervals);
  EXPECT_EQ(document.status().error().message,
            "a.yml:1:1: missing key 'windows': expected a list of maps");
}

TEST(TimeIntervalOptionsTest, APlacesClocksAreReadByItsName) {
  std::vector<TimeInterval> intervals;
  ASSERT_TRUE(ReadTimeZone("Europe/Berlin")) << "is tzdata installed?";
  ASSERT_EQ(Read("  - {years: [2026], location: Europe/Berlin}", &intervals), "");
  EXPECT_EQ(intervals[0].calendar, *ReadTimeZone("Europe/Berlin"));
}

}  // namespace
}  // namespace promheal
