#include "common/base/time_argument.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

const Time kNow = FromUnixSeconds(1'661'155'800);  // 2022-08-22T08:10:00Z

TEST(TimeArgumentTest, ReadsTimesAsPeopleGiveThem) {
  const struct {
    const char* text;
    double expected;
  } kRows[] = {
      {"2022-08-22T08:10:00Z", 1'661'155'800},
      {"2022-08-22T10:10:00.5+02:00", 1'661'155'800.5},
      {"1661155800", 1'661'155'800},
      {"1661155800.25", 1'661'155'800.25},
      {"0", 0},
      {"now", 1'661'155'800},
      {"-2w", 1'661'155'800 - 14 * 86'400},
      {"-1h30m", 1'661'155'800 - 5'400},
  };
  for (const auto& row : kRows) {
    const auto time = ParseTimeArgument(row.text, kNow);
    ASSERT_TRUE(time) << row.text;
    EXPECT_EQ(ToUnixSeconds(*time), row.expected) << row.text;
  }
}

TEST(TimeArgumentTest, RefusesWhatIsNoTimeAndSaysWhatWasExpected) {
  for (const char* text : {"", "-", "2w", "yesterday", "-5", "2022-08-22", "1e300", "inf", "12x"}) {
    const auto time = ParseTimeArgument(text, kNow);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().message,
              "'" + std::string(text) +
                  "' is not a time: expected one like 2022-08-22T08:10:00Z, Unix seconds, a "
                  "duration before now like -2w, or now");
  }
}

}  // namespace
}  // namespace promheal
