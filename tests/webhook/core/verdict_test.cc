#include "webhook/core/verdict.h"

#include <gtest/gtest.h>

#include <limits>

namespace promheal::healing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<Sample> Values(const std::vector<double>& values) {
  std::vector<Sample> samples;
  for (const double value : values) samples.push_back({.labels = {}, .time = {}, .value = value});
  return samples;
}

TEST(ExpectationTest, ReadsEveryComparison) {
  struct Case {
    const char* text;
    double meets;
    double fails;
  };
  const Case cases[] = {{"== 1", 1, 0},         {"!= 1", 0, 1},    {"< 0.05", 0.04, 0.05},
                        {"<=0.05", 0.05, 0.06}, {" > 2 ", 2.1, 2}, {">= 1e3", 1000, 999}};
  for (const Case& c : cases) {
    const auto expectation = ParseExpectation(c.text);
    ASSERT_TRUE(expectation) << c.text;
    EXPECT_TRUE(Meets(c.meets, *expectation)) << c.text;
    EXPECT_FALSE(Meets(c.fails, *expectation)) << c.text;
    EXPECT_FALSE(Meets(kNaN, *expectation)) << c.text;
    EXPECT_EQ(ParseExpectation(ToString(*expectation)), expectation);
  }
}

TEST(ExpectationTest, RefusesAnythingElse) {
  for (const char* text : {"", "1", "=1", "< five", "< 1 2", "< inf", "== nan", "<>1"}) {
    EXPECT_FALSE(ParseExpectation(text)) << text;
  }
}

TEST(VerdictTest, OneQueryIsJudgedByItsWorstSample) {
  struct Case {
    const char* sentence;
    std::vector<double> values;
    DataVerdict verdict;
  };
  const Case cases[] = {
      {"no data is never recovered", {}, DataVerdict::kUnknown},
      {"NaN is never recovered", {kNaN}, DataVerdict::kUnknown},
      {"one NaN spoils certainty", {1, kNaN}, DataVerdict::kUnknown},
      {"one bad series is enough", {1, 0, kNaN}, DataVerdict::kNotRecovered},
      {"all good", {1, 1}, DataVerdict::kRecovered},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Judge("up", *ParseExpectation("== 1"), Values(c.values)).verdict, c.verdict)
        << c.sentence;
  }
}

TEST(VerdictTest, TellsTheValueAndTheExpectation) {
  EXPECT_EQ(Judge("up", *ParseExpectation("== 1"), Values({1, 0})).text, "up is 0, expected == 1");
  EXPECT_EQ(Judge("up", *ParseExpectation("== 1"), {}).text, "up has no data, expected == 1");
}

TEST(VerdictTest, ConditionsAreAllNeeded) {
  const Judgement good{DataVerdict::kRecovered, "good"};
  const Judgement bad{DataVerdict::kNotRecovered, "bad"};
  const Judgement unknown{DataVerdict::kUnknown, "unknown"};
  EXPECT_EQ(Combine({good, good}).verdict, DataVerdict::kRecovered);
  EXPECT_EQ(Combine({good, unknown}).verdict, DataVerdict::kUnknown);
  EXPECT_EQ(Combine({unknown, bad, good}).verdict, DataVerdict::kNotRecovered);
  EXPECT_EQ(Combine({unknown, bad, good}).text, "bad") << "tells only the bad condition";
  EXPECT_EQ(Combine({}).verdict, DataVerdict::kUnknown);
}

}  // namespace
}  // namespace promheal::healing
