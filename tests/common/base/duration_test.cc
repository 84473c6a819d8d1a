#include "common/base/duration.h"

#include <gtest/gtest.h>

namespace promheal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(DurationTest, ReadsWhatPrometheusReads) {
  struct Row {
    const char* text;
    Duration expected;
  };
  for (const Row& row :
       {Row{"0", Duration(0)}, Row{"250ms", Duration(250)}, Row{"90s", seconds(90)},
        Row{"1h30m", hours(1) + minutes(30)}, Row{"2d", hours(48)}, Row{"1w", hours(168)},
        Row{"1y", hours(365 * 24)}, Row{"1m5ms", minutes(1) + Duration(5)}}) {
    const Result<Duration> parsed = ParseDuration(row.text);
    ASSERT_TRUE(parsed.has_value()) << row.text;
    EXPECT_EQ(*parsed, row.expected) << row.text;
  }
}

TEST(DurationTest, RefusesWhatPrometheusRefuses) {
  for (const char* text : {"", "5", "s", "1.5h", "-1s", "1s1m", "1s1s", "1 s", "10sec",
                           "99999999999999999999s", "999999999999y", "293y", "200y40000d"}) {
    EXPECT_FALSE(ParseDuration(text).has_value()) << text;
  }
}

TEST(DurationTest, FormatsWhatItReadsBack) {
  for (const char* text : {"0s", "1ms", "15s", "1m30s", "2h", "30d", "1d1h1m1s1ms"}) {
    EXPECT_EQ(FormatDuration(ParseDuration(text).value()), text);
  }
}

}  // namespace
}  // namespace promheal
