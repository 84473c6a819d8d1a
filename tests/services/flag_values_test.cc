#include "services/shop/flag_values.h"

#include <gtest/gtest.h>

namespace promheal::shop {
namespace {

using std::chrono::seconds;

TEST(FlagValuesTest, ReadsWhatIsWithinBounds) {
  EXPECT_EQ(ParseCountFlag("workers", "8", 1, 256), Result<size_t>(8));
  EXPECT_EQ(ParseNumberFlag("rate", "0.5", 0, 500), Result<double>(0.5));
  EXPECT_EQ(ParseDurationFlag("timeout", "2s", seconds(1), seconds(60)),
            Result<Duration>(seconds(2)));
  EXPECT_EQ(ParseUrlFlag("gateway.url", "http://127.0.0.1:3000/"),
            Result<std::string>("http://127.0.0.1:3000"));
}

TEST(FlagValuesTest, SaysWhatItExpectedInstead) {
  for (const std::string text : {"", "0", "257", "-1", "8.5", "eight", "8 "}) {
    EXPECT_EQ(ParseCountFlag("workers", text, 1, 256).error().message,
              "--workers: '" + text + "' is not right: expected a whole number from 1 to 256");
  }
  for (const std::string text : {"", "501", "-1", "nan", "1x"}) {
    EXPECT_EQ(ParseNumberFlag("rate", text, 0, 500).error().message,
              "--rate: '" + text + "' is not right: expected a number from 0 to 500");
  }
  EXPECT_EQ(ParseDurationFlag("timeout", "2", seconds(1), seconds(60)).error().message,
            "--timeout: '2' is not right: expected a duration from 1s to 1m");
  EXPECT_EQ(
      ParseUrlFlag("gateway.url", "localhost").error().message,
      "--gateway.url: 'localhost' is not right: expected a URL such as http://127.0.0.1:3000");
}

}  // namespace
}  // namespace promheal::shop
