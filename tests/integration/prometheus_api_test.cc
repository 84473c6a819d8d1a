#include "common/io/prometheus/prometheus_api.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "tests/support/prometheus_server.h"
#include "tests/support/tool.h"

// The client of the API against a real Prometheus whose data we know.

namespace promheal {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using support::PrometheusServer;
using testing::HasSubstr;
using testing::StartsWith;

const Time kStart = ParseRfc3339("2026-11-01T00:00:00Z").value();
constexpr Duration kScrapeInterval = seconds(15);
constexpr Duration kLength = hours(4);

// `orders_total{instance="..."}` counts one a second for two instances, a gauge with label values
// that need escapes, and one with each value that is not a plain number.
std::string Samples() {
  std::string text = "# TYPE orders counter\n";
  for (const char* instance : {"orders-1", "orders-2"}) {
    for (Duration at(0); at <= kLength; at += kScrapeInterval) {
      text += fmt::format("orders_total{{instance=\"{}\"}} {} {:.3f}\n", instance,
                          at.count() / 1000, ToUnixSeconds(kStart + at));
    }
  }
  text += "# TYPE strange gauge\n";
  text += fmt::format("strange{{path=\"a\\\"b\\\\c\\nd\",name=\"für 😀\"}} 0.1 {:.3f}\n",
                      ToUnixSeconds(kStart));
  text += "# TYPE extreme gauge\n";
  for (const char* value : {"NaN", "+Inf", "-Inf", "1.7976931348623157e+308", "5e-324"}) {
    text +=
        fmt::format("extreme{{written=\"{}\"}} {} {:.3f}\n", value, value, ToUnixSeconds(kStart));
  }
  return text + "# EOF\n";
}

class RealPrometheusTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!support::FindTool("prometheus") || !support::FindTool("promtool")) return;
    auto started = PrometheusServer::Start({.openmetrics = Samples(),
                                            .flags = {"--web.route-prefix=/prometheus"},
                                            .route_prefix = "/prometheus"});
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }
  static void TearDownTestSuite() { server_.reset(); }

  void SetUp() override {
    if (!support::FindTool("prometheus")) GTEST_SKIP() << support::MissingTool("prometheus");
    if (!support::FindTool("promtool")) GTEST_SKIP() << support::MissingTool("promtool");
    ASSERT_NE(server_, nullptr);
  }

  static double OneValue(const std::string& query) {
    HttpPrometheusApi api({.url = server_->url()});
    const Result<QueryResult> result = api.Query(query, kStart);
    EXPECT_TRUE(result) << query << ": " << result.error().message;
    EXPECT_TRUE(result && result->samples.size() == 1) << query;
    return result && !result->samples.empty() ? result->samples[0].value : -1.0;
  }

  static std::unique_ptr<PrometheusServer> server_;
};

std::unique_ptr<PrometheusServer> RealPrometheusTest::server_;

TEST_F(RealPrometheusTest, AnswersAVector) {
  HttpPrometheusApi api({.url = server_->url()});
  const Result<QueryResult> result =
      api.Query("orders_total{instance=\"orders-2\"}", kStart + seconds(3607));
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->samples.size(), 1U);
  EXPECT_EQ(result->samples[0].labels,
            (Labels{{"__name__", "orders_total"}, {"instance", "orders-2"}}));
  EXPECT_EQ(result->samples[0].value, 3600.0) << "the sample before";
  EXPECT_EQ(result->samples[0].time, kStart + seconds(3607)) << "the time that was asked for";
}

TEST_F(RealPrometheusTest, TakesTimesToTheMillisecond) {
  HttpPrometheusApi api({.url = server_->url()});
  EXPECT_EQ(api.Query("time()", kStart + Duration(123))->samples.at(0).value,
            ToUnixSeconds(kStart + Duration(123)));
  const Result<QueryResult> before = api.Query("orders_total", kStart - Duration(1));
  ASSERT_TRUE(before);
  EXPECT_TRUE(before->samples.empty()) << "nothing is no error";
}

TEST_F(RealPrometheusTest, AnswersAScalar) { EXPECT_EQ(OneValue("1 + 1"), 2.0); }

TEST_F(RealPrometheusTest, KeepsEveryValueExactly) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(std::isnan(OneValue("extreme{written=\"NaN\"}")));
  EXPECT_EQ(OneValue("extreme{written=\"+Inf\"}"), kInfinity);
  EXPECT_EQ(OneValue("extreme{written=\"-Inf\"}"), -kInfinity);
  EXPECT_EQ(OneValue("extreme{written=~\"1.7.*\"}"), std::numeric_limits<double>::max());
  EXPECT_EQ(OneValue("extreme{written=\"5e-324\"}"), std::numeric_limits<double>::denorm_min());
  EXPECT_TRUE(std::isnan(OneValue("0 / 0")));
  EXPECT_EQ(OneValue("-1 / 0"), -kInfinity);
  EXPECT_EQ(OneValue("strange"), 0.1);
}

TEST_F(RealPrometheusTest, AsksForAndReadsLabelsThatNeedEscapes) {
  const Labels labels = {{"name", "für 😀"}, {"path", "a\"b\\c\nd"}};
  HttpPrometheusApi api({.url = server_->url()});
  const Result<QueryResult> result = api.Query("strange" + labels.ToString(), kStart);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_EQ(result->samples.size(), 1U);
  EXPECT_EQ(result->samples[0].labels.Without({"__name__"}), labels);
}

TEST_F(RealPrometheusTest, JoinsARangeBeyondElevenThousandPoints) {
  HttpPrometheusApi api({.url = server_->url()});
  const Time end = kStart + seconds(13'999);
  const Result<RangeQueryResult> result = api.QueryRange("orders_total", kStart, end, seconds(1));
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(api.statistics().queries, 2U);
  EXPECT_EQ(api.statistics().samples, 28'000U);
  ASSERT_EQ(result->series.size(), 2U);
  for (const Series& series : result->series) {
    ASSERT_EQ(series.points.size(), 14'000U);
    for (size_t i = 0; i < series.points.size(); ++i) {
      const auto second = static_cast<int64_t>(i);
      ASSERT_EQ(series.points[i].time, kStart + seconds(second));
      ASSERT_EQ(series.points[i].value, static_cast<double>(second / 15 * 15));
    }
  }
}

TEST_F(RealPrometheusTest, SplittingIsWhatMakesALongRangePossible) {
  HttpPrometheusApi api({.url = server_->url(), .max_points_per_request = 1'000'000});
  const Error error =
      api.QueryRange("orders_total", kStart, kStart + seconds(13'999), seconds(1)).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.message, HasSubstr("bad_data: exceeded maximum resolution of 11,000 points"));
}

TEST_F(RealPrometheusTest, SplittingChangesNoPoint) {
  const std::string query = "rate(orders_total[1m])";
  const Time end = kStart + seconds(3'600);
  HttpPrometheusApi whole({.url = server_->url()});
  const Result<RangeQueryResult> expected = whole.QueryRange(query, kStart, end, seconds(7));
  ASSERT_TRUE(expected) << expected.error().message;
  ASSERT_EQ(whole.statistics().queries, 1U);
  for (const int points : {1, 13, 514, 515, 516}) {
    HttpPrometheusApi split({.url = server_->url(), .max_points_per_request = points});
    const Result<RangeQueryResult> result = split.QueryRange(query, kStart, end, seconds(7));
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->series.size(), expected->series.size()) << points;
    for (size_t i = 0; i < result->series.size(); ++i) {
      EXPECT_EQ(result->series[i].labels, expected->series[i].labels);
      EXPECT_EQ(result->series[i].points, expected->series[i].points) << points;
    }
  }
}

TEST_F(RealPrometheusTest, RefusesAQueryThatIsNone) {
  HttpPrometheusApi api({.url = server_->url()});
  for (const char* query : {"", "sum(", "up{a=b}", "rate(orders_total)", "no_such_function(1)"}) {
    const Result<QueryResult> result = api.Query(query, kStart);
    ASSERT_FALSE(result) << query;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(result.error().message, HasSubstr(": bad_data: "));
  }
}

TEST_F(RealPrometheusTest, RefusesAQueryThatCannotBeExecuted) {
  HttpPrometheusApi api({.url = server_->url()});
  const Error error = api.Query("orders_total * on (job) group_left orders_total", kStart).error();
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.message, HasSubstr(": execution: "));
}

TEST_F(RealPrometheusTest, RefusesAnAnswerThatIsNoNumber) {
  HttpPrometheusApi api({.url = server_->url()});
  EXPECT_THAT(api.Query("orders_total[1m]", kStart).error().message, HasSubstr("gives a matrix"));
  EXPECT_THAT(api.Query("\"text\"", kStart).error().message, HasSubstr("gives a string"));
}

TEST_F(RealPrometheusTest, SaysThatThePathPrefixIsMissing) {
  const std::string url = server_->url().substr(0, server_->url().rfind('/'));
  const Error error = HttpPrometheusApi({.url = url}).Query("up", kStart).error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_THAT(error.message, HasSubstr("check the URL and its path prefix"));
}

TEST_F(RealPrometheusTest, ServesManyThreadsAtOnce) {
  HttpPrometheusApi api({.url = server_->url()});
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const Result<QueryResult> result = api.Query("sum(orders_total)", kStart + seconds(60));
        if (result && result->samples.size() == 1 && result->samples[0].value == 120.0) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 100);
  EXPECT_EQ(api.statistics().queries, 100U);
  EXPECT_EQ(api.statistics().failures, 0U);
}

TEST_F(RealPrometheusTest, APrometheusThatHangsIsATimeoutAndComesBack) {
  HttpPrometheusApi api({.url = server_->url(), .timeout = Duration(300)});
  ASSERT_TRUE(api.Query("1", kStart));
  ASSERT_TRUE(server_->process().Pause());
  const Result<QueryResult> hung = api.Query("1", kStart);
  server_->process().Resume();
  ASSERT_FALSE(hung);
  EXPECT_EQ(hung.error().code, ErrorCode::kTimeout);
  HttpPrometheusApi patient({.url = server_->url()});
  EXPECT_TRUE(patient.Query("1", kStart));
}

TEST_F(RealPrometheusTest, CredentialsOpenAndWrongOnesDoNot) {
  const support::TempDirectory directory;
  // bcrypt of "correct horse", at the least cost.
  const std::string web_config =
      directory.Write("web.yml",
                      "basic_auth_users:\n"
                      "  promheal: $2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n");
  const std::string password_file = directory.Write("password", "correct horse\n");
  const HttpClientOptions right = {.basic_auth_username = "promheal",
                                   .basic_auth_password_file = password_file};
  const auto server =
      PrometheusServer::Start({.flags = {"--web.config.file=" + web_config}, .http = right});
  ASSERT_TRUE(server) << server.error().message;
  EXPECT_TRUE(HttpPrometheusApi({.url = (*server)->url(), .http = right}).Query("1", kStart));
  for (const HttpClientOptions& wrong :
       {HttpClientOptions{},
        HttpClientOptions{.basic_auth_username = "promheal", .basic_auth_password = "guess"}}) {
    const Error error =
        HttpPrometheusApi({.url = (*server)->url(), .http = wrong}).Query("1", kStart).error();
    EXPECT_EQ(error.code, ErrorCode::kPermissionDenied);
    EXPECT_THAT(error.message, HasSubstr("check the credentials"));
  }
}

TEST_F(RealPrometheusTest, APrometheusThatStoppedIsUnavailable) {
  const auto server = PrometheusServer::Start({});
  ASSERT_TRUE(server) << server.error().message;
  HttpPrometheusApi api({.url = (*server)->url()});
  ASSERT_TRUE(api.Query("1", kStart));
  EXPECT_EQ((*server)->process().Terminate(), 0);
  const Error error = api.Query("1", kStart).error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, StartsWith((*server)->url() + ": "));
}

}  // namespace
}  // namespace promheal
