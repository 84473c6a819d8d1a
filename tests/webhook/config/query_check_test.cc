#include "webhook/config/query_check.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "common/io/clock.h"

namespace promheal::healing {
namespace {

const SystemClock kClock;

// Answers as it is told, by the whole query; to all others it has no data.
class KnowingPrometheus final : public PrometheusApi {
 public:
  Result<QueryResult> Query(std::string_view query, Time time) override {
    asked.emplace_back(query);
    if (away) return Fail(ErrorCode::kUnavailable, "connection refused");
    if (query.find("refused") != std::string_view::npos) {
      return Fail(ErrorCode::kInvalidArgument, "parse error: unexpected");
    }
    QueryResult result;
    for (const auto& [labels, value] : answers[std::string(query)]) {
      result.samples.push_back({labels, time, value});
    }
    return result;
  }
  Result<RangeQueryResult> QueryRange(std::string_view, Time, Time, Duration) override {
    return RangeQueryResult{};
  }

  std::map<std::string, std::vector<std::pair<Labels, double>>> answers;
  std::vector<std::string> asked;
  bool away = false;
};

class QueryCheckTest : public testing::Test {
 protected:
  Result<QueryFindings> Check(const std::string& policies) {
    const auto config = ParseConfig(
        "healing.yml", "actions: {restart: {command: {argv: [restart]}}}\n" + policies, kClock);
    EXPECT_TRUE(config) << config.error().message;
    return CheckQueries(**config, "healing.yml", prometheus_, Time());
  }
  std::vector<std::string> WarningsOf(const std::string& policies) {
    const auto findings = Check(policies);
    EXPECT_TRUE(findings) << findings.error().message;
    EXPECT_TRUE(findings->errors.empty());
    return findings->warnings;
  }
  void Knows(const std::string& query, const std::vector<std::pair<Labels, double>>& answers) {
    prometheus_.answers[query] = answers;
  }

  KnowingPrometheus prometheus_;
};

const Labels kOrders{{"service", "orders"}};
const Labels kAuth{{"service", "auth"}};

constexpr char kErrors[] = R"(policies:
  - name: errors
    verify: {conditions: [{query: 'errors{service="{service}"}', expect: < 0.05}]}
    ladder: [{action: restart}]
)";

TEST_F(QueryCheckTest, WhatHasAnAnswerForEachTargetIsFine) {
  Knows(R"(group by (service) (errors{service!=""}))", {{kOrders, 1}});
  Knows(R"(errors{service="orders"})", {{Labels(), 0}});
  const auto findings = Check(kErrors);
  ASSERT_TRUE(findings);
  EXPECT_TRUE(findings->warnings.empty());
  EXPECT_EQ(findings->targets, 1U);
}

TEST_F(QueryCheckTest, NamesTheTargetsWithoutData) {
  Knows(R"(group by (service) (errors{service!=""}))", {{kOrders, 1}});
  Knows(R"(group by (service) (ALERTS{service!=""}))", {{kAuth, 1}});
  Knows(R"(errors{service="orders"})", {{Labels(), std::nan("")}});
  Knows(R"(errors{service="auth"})", {{Labels(), 0}});
  EXPECT_EQ(WarningsOf(kErrors),
            (std::vector<std::string>{
                "healing.yml:4:35: warning: query: no data about 1 of 2 targets: orders"}));
}

TEST_F(QueryCheckTest, AsksOnlyAboutTargetsThatThePolicyMayBeAbout) {
  Knows(R"(group by (service) (errors{service!=""}))",
        {{kOrders, 1}, {kAuth, 1}, {Labels{{"service", "prometheus"}}, 1}});
  Knows(R"(errors{service="orders"})", {{Labels(), 0}});
  EXPECT_EQ(WarningsOf(R"(policies:
  - name: errors
    match: {service: "ord*", scenario: errors}
    verify: {conditions: [{query: 'errors{service="{service}"}', expect: < 0.05}]}
    ladder: [{action: restart}]
)"),
            std::vector<std::string>{});
}

TEST_F(QueryCheckTest, PartsAreAskedAboutWhereAQueryNamesThem) {
  const Labels part{{"service", "orders"}, {"instance", "orders-1"}};
  Knows(R"(group by (service, instance) (up{service!="", instance!=""}))", {{part, 1}});
  EXPECT_EQ(
      WarningsOf(R"(targets: {optional_labels: [instance]}
policies:
  - name: bad instance
    verify: {conditions: [{query: 'up{service="{service}", instance="{instance}"}', expect: == 1}]}
    ladder: [{action: restart}]
)"),
      (std::vector<std::string>{
          "healing.yml:5:35: warning: query: no data about 1 of 1 targets: orders-1/orders"}));
}

TEST_F(QueryCheckTest, SaysWhatItCannotAsk) {
  EXPECT_EQ(
      WarningsOf(R"(policies:
  - name: errors
    verify:
      conditions:
        - {query: 'errors{slo="{slo}"}', expect: < 0.05}
        - {query: 'errors{service="{service}"}', expect: < 0.05}
        - {query: 'sum(errors)', expect: < 0.05}
    ladder: [{action: restart}]
)"),
      (std::vector<std::string>{
          "healing.yml:6:19: warning: query: not asked: {slo} is no label of targets, so only "
          "an alert that has it can tell",
          "healing.yml:7:19: warning: query: not asked: Prometheus knows no target with "
          "service that the policy may be about",
          "healing.yml:8:19: warning: query: no data"}));
}

TEST_F(QueryCheckTest, AQueryThatPrometheusRefusesIsAnError) {
  const auto findings = Check(R"(policies:
  - name: errors
    verify: {conditions: [{query: refused, expect: < 0.05}]}
    ladder: [{action: restart}]
)");
  ASSERT_TRUE(findings);
  EXPECT_EQ(findings->errors,
            std::vector<std::string>{"healing.yml:4:35: query: parse error: unexpected"});
}

TEST_F(QueryCheckTest, AQueryIsRefusedAlsoWhereNobodyIsKnownToAskAbout) {
  const auto findings = Check(R"(policies:
  - name: errors
    verify: {conditions: [{query: 'refused{slo="{slo}"}', expect: < 0.05}]}
    ladder: [{action: restart}]
)");
  ASSERT_TRUE(findings);
  EXPECT_EQ(findings->errors,
            std::vector<std::string>{"healing.yml:4:35: query: parse error: unexpected"});
  EXPECT_EQ(findings->warnings, std::vector<std::string>{});
}

TEST_F(QueryCheckTest, APrometheusThatIsAwayIsAskedOnce) {
  prometheus_.away = true;
  const auto findings = Check(kErrors);
  ASSERT_FALSE(findings);
  EXPECT_EQ(findings.error().message, "connection refused");
  EXPECT_EQ(prometheus_.asked.size(), 1U);
}

}  // namespace
}  // namespace promheal::healing
