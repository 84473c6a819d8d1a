#include "webhook/healer/verifier.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

class FakePrometheus final : public PrometheusApi {
 public:
  std::map<std::string, Result<QueryResult>> answers;
  std::vector<std::string> asked;

  Result<QueryResult> Query(std::string_view query, Time) override {
    asked.emplace_back(query);
    const auto it = answers.find(std::string(query));
    return it == answers.end() ? QueryResult{} : it->second;
  }
  Result<RangeQueryResult> QueryRange(std::string_view, Time, Time, Duration) override {
    return RangeQueryResult{};
  }
};

QueryResult Value(double value) { return {.samples = {{.value = value}}}; }

class VerifierTest : public testing::Test {
 protected:
  VerifierTest() {
    up_.name = "slots up";
    prometheus_.answers["up{service=\"orders\"}"] = Value(1);
    prometheus_.answers["errors{service=\"orders\"}"] = Value(0.01);
  }
  Evidence Ask() { return Gather({"crash", labels_, {up_, errors_}}, prometheus_, samples::At(5)); }
  Labels labels_{{"service", "orders"}};
  Condition up_ = samples::Expect("up{service=\"{service}\"}", "== 1");
  Condition errors_ = samples::Expect("errors{service=\"{service}\"}", "< 0.05");
  FakePrometheus prometheus_;
};

TEST_F(VerifierTest, AsksEveryConditionOfThisTarget) {
  const Evidence evidence = Ask();
  EXPECT_EQ(evidence.verdict, DataVerdict::kRecovered);
  EXPECT_EQ(evidence.at, samples::At(5));
  EXPECT_EQ(evidence.verification, "crash");
  EXPECT_EQ(evidence.text,
            "slots up is 1, expected == 1; errors{service=\"orders\"} is 0.01, expected < 0.05");
}

TEST_F(VerifierTest, AFailingQueryIsUnknownWithItsReason) {
  prometheus_.answers["up{service=\"orders\"}"] = Fail(ErrorCode::kTimeout, "no answer within 10s");
  EXPECT_EQ(Ask().verdict, DataVerdict::kUnknown);
  EXPECT_EQ(Ask().text, "slots up: no answer within 10s");
}

TEST_F(VerifierTest, BadIsBadEvenWhenSomethingElseIsUnknown) {
  prometheus_.answers["up{service=\"orders\"}"] = QueryResult{};
  prometheus_.answers["errors{service=\"orders\"}"] = Value(0.5);
  EXPECT_EQ(Ask().verdict, DataVerdict::kNotRecovered);
}

TEST_F(VerifierTest, PartialDataNeverProveARecovery) {
  prometheus_.answers["up{service=\"orders\"}"]->warnings = {"store eu-1 is down"};
  EXPECT_EQ(Ask().verdict, DataVerdict::kUnknown);
  EXPECT_EQ(Ask().text, "slots up: partial data: store eu-1 is down");
}

TEST_F(VerifierTest, AWarningAboutTheQueryItselfLeavesTheDataWhole) {
  prometheus_.answers["up{service=\"orders\"}"]->warnings = {
      "PromQL info: metric might not be a counter"};
  EXPECT_EQ(Ask().verdict, DataVerdict::kRecovered);
}

TEST_F(VerifierTest, AMissingLabelIsUnknownAndNoQueryIsGuessed) {
  labels_ = Labels{{"job", "shop"}};
  EXPECT_EQ(Ask().verdict, DataVerdict::kUnknown);
  EXPECT_TRUE(prometheus_.asked.empty());
}

TEST_F(VerifierTest, AsksWhatRungsMustKnowOnlyWhereThereIsSomethingToDo) {
  const std::vector<RungQuestion> questions = {
      {"crash/0 restart/requires", {samples::Expect("spare{service=\"{service}\"}", "> 0")}},
      {"crash/0 restart/min_healthy", {samples::Expect("healthy", ">= 1")}}};
  const auto ask = [&] {
    return Gather({"crash", labels_, {up_}, false, questions}, prometheus_, samples::At(5));
  };
  EXPECT_TRUE(ask().answers.empty());
  EXPECT_EQ(prometheus_.asked.size(), 1U);
  prometheus_.answers["up{service=\"orders\"}"] = Value(0);
  prometheus_.answers["spare{service=\"orders\"}"] = Value(2);
  const Evidence evidence = ask();
  EXPECT_EQ(evidence.answers.at("crash/0 restart/requires").verdict, DataVerdict::kRecovered);
  EXPECT_EQ(evidence.answers.at("crash/0 restart/min_healthy").verdict, DataVerdict::kUnknown);
  EXPECT_EQ(evidence.answers.at("crash/0 restart/min_healthy").text,
            "healthy has no data, expected >= 1");
}

}  // namespace
}  // namespace promheal::healing
