#include "common/base/time.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

TEST(TimeTest, ReadsAlertmanagersTimes) {
  struct Row {
    const char* text;
    double unix_seconds;
  };
  // Unix times from `date -ud TEXT +%s.%3N`.
  for (const Row& row :
       {Row{"1970-01-01T00:00:00Z", 0.0}, Row{"2026-11-21T21:53:27.123456789Z", 1795298007.123},
        Row{"2026-11-21T23:53:27.5+02:00", 1795298007.5},
        Row{"2024-02-29T00:00:00-00:30", 1709166600.0}}) {
    const Result<Time> parsed = ParseRfc3339(row.text);
    ASSERT_TRUE(parsed.has_value()) << row.text;
    EXPECT_DOUBLE_EQ(ToUnixSeconds(*parsed), row.unix_seconds) << row.text;
  }
}

TEST(TimeTest, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "now", "2026-02-30T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T21:53:27",
        "2026-11-21T21:53:27.Z", "2026-11-21T21:53:27Zx", "2026-11-21T21:53:27+25:00"}) {
    EXPECT_FALSE(ParseRfc3339(text).has_value()) << text;
  }
}

TEST(TimeTest, ReadsTheZeroTimeThatAlertmanagerSendsForNoEnd) {
  ASSERT_TRUE(ParseRfc3339("0001-01-01T00:00:00Z").has_value());
  EXPECT_LT(*ParseRfc3339("0001-01-01T00:00:00Z"), Time());
}

TEST(TimeTest, FormatsWhatItReadsBack) {
  const char* const text = "2026-11-21T21:53:27.120Z";
  EXPECT_EQ(FormatRfc3339(ParseRfc3339(text).value()), text);
}

TEST(TimeTest, WhatItReadsCanAlwaysBeWrittenAndReadAgain) {
  for (const char* text : {"9999-12-31T23:59:59.999Z", "0000-01-01T00:00:00Z"}) {
    const Result<Time> parsed = ParseRfc3339(text);
    ASSERT_TRUE(parsed.has_value()) << text;
    EXPECT_EQ(ParseRfc3339(FormatRfc3339(*parsed)), *parsed) << text;
  }
  // In UTC these years have five digits, or lie before 0000.
  for (const char* text :
       {"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z", "0000-01-01T00:00:00+00:01"}) {
    EXPECT_FALSE(ParseRfc3339(text).has_value()) << text;
  }
}

TEST(TimeTest, AlignsDownToTheStepAlsoBeforeTheEpoch) {
  const Duration step = std::chrono::seconds(15);
  EXPECT_EQ(AlignDown(Time(Duration(29'999)), step), Time(Duration(15'000)));
  EXPECT_EQ(AlignDown(Time(Duration(30'000)), step), Time(Duration(30'000)));
  EXPECT_EQ(AlignDown(Time(Duration(-1)), step), Time(Duration(-15'000)));
}

}  // namespace
}  // namespace promheal
