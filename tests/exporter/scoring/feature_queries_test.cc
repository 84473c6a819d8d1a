#include "exporter/scoring/feature_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_prometheus_api.h"

namespace promheal::anomaly {
namespace {

using support::FakeClock;
using support::FakePrometheusApi;
using testing::ElementsAre;
using testing::IsEmpty;

const Labels kOrders{{"service", "orders"}};
const Labels kAuth{{"service", "auth"}};

// Records log lines: the message and the first field.
class LogLines final : public Logger {
 public:
  std::vector<std::string> lines;

 protected:
  void Write(LogLevel, std::string_view msg, std::initializer_list<LogField> fields) override {
    lines.push_back(std::string(msg) + (fields.size() > 0 ? ": " + fields.begin()->value : ""));
  }
};

class FeatureQueriesTest : public testing::Test {
 protected:
  FeatureQueriesTest() {
    config_.features = {{{.name = "rate"}, "rate_query"}, {{.name = "errors"}, "error_query"}};
    config_.impact = {"hurt", "slow"};
    api_.SetConstant("rate_query", {{kOrders, 5.0}});
    api_.SetConstant("error_query", {{kOrders, 0.5}});
  }

  Answers Ask() { return FeatureQueries(config_, api_, clock_, log_).Ask(clock_.Now()); }

  ExporterConfig config_;
  FakePrometheusApi api_;
  FakeClock clock_{Time(std::chrono::hours(1))};
  LogLines log_;
};

TEST_F(FeatureQueriesTest, AsksEverythingAboutTheSameTime) {
  const Answers answers = Ask();
  EXPECT_EQ(answers.asked, 4);
  EXPECT_EQ(answers.failed, 0);
  ASSERT_EQ(answers.features.size(), 2U);
  EXPECT_EQ(answers.features[1].samples[0].value, 0.5);
  for (const auto& asked : api_.asked) EXPECT_EQ(asked.start, clock_.Now());
}

TEST_F(FeatureQueriesTest, AFailureAffectsOnlyItsFeature) {
  api_.Fail("error_query", {ErrorCode::kInvalidArgument, "parse error"});
  const Answers answers = Ask();
  EXPECT_FALSE(answers.features[0].failed);
  EXPECT_TRUE(answers.features[1].failed);
  EXPECT_EQ(answers.failed, 1);
  EXPECT_THAT(answers.failures, ElementsAre("bad_query"));
}

TEST_F(FeatureQueriesTest, NamesEveryReason) {
  struct Row {
    ErrorCode code;
    const char* reason;
  };
  for (const Row& row : std::vector<Row>{{ErrorCode::kUnavailable, "unavailable"},
                                         {ErrorCode::kTimeout, "timeout"},
                                         {ErrorCode::kInvalidArgument, "bad_query"},
                                         {ErrorCode::kPermissionDenied, "permission_denied"},
                                         {ErrorCode::kDataLoss, "bad_answer"}}) {
    api_.FailAll({row.code, "x"});
    EXPECT_THAT(Ask().failures, ElementsAre(row.reason));
    EXPECT_THAT(QueryFailureReasons(), testing::Contains(row.reason));
  }
}

TEST_F(FeatureQueriesTest, StopsQueryingAfterAnInterval) {
  api_.on_query = [&] { clock_.Advance(config_.interval / 2); };
  const Answers answers = Ask();
  EXPECT_EQ(api_.asked.size(), 2U);
  EXPECT_EQ(answers.failed, 2);
  EXPECT_THAT(answers.failures, ElementsAre("deadline"));
}

TEST_F(FeatureQueriesTest, TheLargestImpactCountsAndIsAShare) {
  api_.SetConstant("hurt", {{kOrders, 0.25}, {kAuth, -1.0}, {{}, 1.0}});
  api_.SetConstant("slow", {{kOrders, 0.125}, {kAuth, 7.0}});
  EXPECT_THAT(Ask().impact, ElementsAre(testing::Pair(kAuth, 1.0), testing::Pair(kOrders, 0.25)));
}

TEST_F(FeatureQueriesTest, ExcludesTargetsOfTheExpressionsSeries) {
  config_.training.exclude_when = {"maintenance"};
  EXPECT_THAT(*Ask().excluded, IsEmpty());
  api_.SetConstant("maintenance", {{kOrders, 0.0}});
  EXPECT_THAT(*Ask().excluded, ElementsAre(kOrders));
  api_.Fail("maintenance", {ErrorCode::kTimeout, "x"});
  EXPECT_EQ(Ask().excluded, std::nullopt) << "unknown";
}

TEST_F(FeatureQueriesTest, LogsAFailureOnceAndItsEnd) {
  FeatureQueries queries(config_, api_, clock_, log_);
  api_.Fail("rate_query", {ErrorCode::kInvalidArgument, "parse error"});
  queries.Ask(clock_.Now());
  queries.Ask(clock_.Now());
  api_.ClearFailures();
  queries.Ask(clock_.Now());
  api_.Warn("error_query", "partial");
  queries.Ask(clock_.Now());
  EXPECT_THAT(log_.lines, ElementsAre("query fails or is not answered fully: rate_query",
                                      "query works again: rate_query",
                                      "query fails or is not answered fully: error_query"));
}

TEST_F(FeatureQueriesTest, LogsOneLineWhenPrometheusIsGoneAndOneWhenItIsBack) {
  FeatureQueries queries(config_, api_, clock_, log_);
  api_.FailAll({ErrorCode::kUnavailable, "refused"});
  queries.Ask(clock_.Now());
  queries.Ask(clock_.Now());
  api_.ClearFailures();
  queries.Ask(clock_.Now());
  EXPECT_THAT(log_.lines,
              ElementsAre("Prometheus answers no query: refused", "Prometheus answers again"));
}

TEST(IsExcludedTest, ComparesTheLabelsThatBothHave) {
  struct Row {
    const char* why;
    Labels excluded;
    bool is_excluded;
  };
  for (const Row& row : std::vector<Row>{
           {"the same service", {{"service", "orders"}}, true},
           {"another service", {{"service", "auth"}}, false},
           {"labels that the target has not", {{"service", "orders"}, {"action", "shed"}}, true},
           {"no label in common: everybody", {{"alertname", "Maintenance"}}, true},
           {"no labels: everybody", {}, true},
       }) {
    EXPECT_EQ(IsExcluded(kOrders, {row.excluded}), row.is_excluded) << row.why;
  }
  EXPECT_FALSE(IsExcluded(kOrders, {}));
}

}  // namespace
}  // namespace promheal::anomaly
