#include "webhook/simulate/answers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/support/temp_directory.h"
#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using samples::At;

class CountingPrometheus final : public PrometheusApi {
 public:
  explicit CountingPrometheus(int& asked) : asked_(asked) {}
  Result<QueryResult> Query(std::string_view query, Time time) override {
    ++asked_;
    if (query == "broken") return Fail(ErrorCode::kInvalidArgument, "parse error");
    if (query == "away") return Fail(ErrorCode::kTimeout, "no answer");
    return QueryResult{{{Labels{{"service", "a\"b"}}, time, std::nan("")},
                        {Labels(), time, -std::numeric_limits<double>::infinity()},
                        {Labels{{"x", "y"}}, time, 0.1}},
                       {"partial"}};
  }
  Result<RangeQueryResult> QueryRange(std::string_view, Time start, Time end,
                                      Duration step) override {
    ++asked_;
    return RangeQueryResult{
        {{Labels{{"service", "orders"}}, {{start, 1.0}, {start + step, std::nan("")}}},
         {Labels{{"service", "auth"}}, {{end, std::numeric_limits<double>::denorm_min()}}}},
        {"partial"}};
  }

 private:
  int& asked_;
};

TEST(AnswersTest, AsksEachQuestionOnceOnAGridOfFiveSeconds) {
  int asked = 0;
  Answers answers(std::make_unique<CountingPrometheus>(asked));
  EXPECT_EQ(answers.Query("up", At(11))->samples.at(0).time, At(10));
  EXPECT_TRUE(answers.Query("up", At(14)));
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(answers.Query("up", At(15)));
  EXPECT_TRUE(answers.Query("down", At(15)));
  EXPECT_EQ(asked, 3);
}

TEST(AnswersTest, WhatWasSavedIsAnsweredWithoutPrometheus) {
  const support::TempDirectory directory;
  const std::string path = directory.PathOf("answers.jsonl");
  int asked = 0;
  Answers asking(std::make_unique<CountingPrometheus>(asked));
  const auto told = asking.Query("up", At(10));
  ASSERT_TRUE(asking.Save(path));
  Answers recorded(nullptr);
  ASSERT_TRUE(recorded.Load(path));
  const auto read = recorded.Query("up", At(12));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->samples.size(), 3U);
  EXPECT_TRUE(std::isnan(read->samples[0].value));
  EXPECT_EQ(read->samples[0].labels, told->samples[0].labels);
  EXPECT_EQ(read->samples[1].value, told->samples[1].value);
  EXPECT_EQ(read->samples[2].value, 0.1);
  EXPECT_EQ(read->warnings, told->warnings);
}

TEST(AnswersTest, CountsTheQuestionsThatNobodyAnswered) {
  int asked = 0;
  Answers answers(std::make_unique<CountingPrometheus>(asked));
  EXPECT_FALSE(answers.Query("broken", At(0)));
  EXPECT_FALSE(answers.Query("broken", At(1)));
  EXPECT_EQ(answers.unanswered(), 1U);
  EXPECT_EQ(asked, 1);
  Answers recorded(nullptr);
  EXPECT_EQ(recorded.Query("up", At(0)).error().code, ErrorCode::kNotFound);
}

TEST(AnswersTest, ARangeIsSavedAndAnsweredLikewise) {
  const support::TempDirectory directory;
  const std::string path = directory.PathOf("answers.jsonl");
  int asked = 0;
  Answers asking(std::make_unique<CountingPrometheus>(asked));
  const std::chrono::milliseconds step(1500);
  ASSERT_TRUE(asking.QueryRange("up", At(10), At(13), step));
  ASSERT_TRUE(asking.QueryRange("up", At(10), At(13), step));
  EXPECT_EQ(asked, 1);
  ASSERT_TRUE(asking.Save(path));
  Answers recorded(nullptr);
  ASSERT_TRUE(recorded.Load(path));
  const auto read = recorded.QueryRange("up", At(10), At(13), step);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->series.size(), 2U);
  EXPECT_EQ(read->series[0].labels.Get("service"), "orders");
  EXPECT_EQ(read->series[0].points.at(0), (Point{At(10), 1.0}));
  EXPECT_EQ(read->series[0].points.at(1).time, At(10) + step);
  EXPECT_TRUE(std::isnan(read->series[0].points[1].value));
  EXPECT_EQ(read->series[1].points.at(0).value, std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(read->warnings, std::vector<std::string>{"partial"});
  EXPECT_EQ(recorded.QueryRange("up", At(10), At(14), step).error().code, ErrorCode::kNotFound);
}

TEST(AnswersTest, APrometheusThatIsAwayIsNotAskedAgain) {
  int asked = 0;
  Answers answers(std::make_unique<CountingPrometheus>(asked));
  EXPECT_TRUE(answers.Query("up", At(0)));
  EXPECT_FALSE(answers.Query("broken", At(0)));
  EXPECT_TRUE(answers.WasThere()) << "a query that it refuses is an answer of its own";
  EXPECT_FALSE(answers.Query("away", At(0)));
  EXPECT_EQ(answers.Query("up", At(10)).error().message, "no answer");
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(answers.WasThere().error().message, "no answer");
}

TEST(AnswersTest, ADamagedFileIsNamedWithItsLine) {
  const support::TempDirectory directory;
  for (const char* line :
       {"{}", "x", R"({"query":"up","time":"now","samples":[],"warnings":[]})",
        R"({"query":"up","time":"2026-01-01T00:00:00Z","samples":[{"labels":{},"value":"1much"}],)"
        R"("warnings":[]})"}) {
    Answers answers(nullptr);
    const Status status = answers.Load(directory.Write("answers.jsonl", "\n" + std::string(line)));
    ASSERT_FALSE(status) << line;
    EXPECT_NE(status.error().message.find("answers.jsonl:2: not a line that --answers wrote"),
              std::string::npos)
        << status.error().message;
  }
}

}  // namespace
}  // namespace promheal::healing
