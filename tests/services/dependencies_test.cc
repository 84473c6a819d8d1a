#include "services/shop/dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/prometheus/exposition.h"
#include "tests/support/null_logger.h"

namespace promheal::shop {
namespace {

using testing::HasSubstr;

class FakeClient final : public HttpClient {
 public:
  Result<HttpResponse> Send(const HttpRequest& request) override {
    sent = request;
    return answer;
  }
  HttpRequest sent;
  Result<HttpResponse> answer = HttpResponse{.status = 200};
};

class DependenciesTest : public testing::Test {
 protected:
  const ShopDescription shop_ = {
      .name = "orders",
      .summary = "",
      .default_listen_address = "",
      .routes = {{"POST", "/checkout", "", {{"payments", "POST", "/charge"}}}}};
  const Call call_ = shop_.routes[0].calls[0];
  const SystemClock clock_;
  const std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  WorkerPool workers_{1, 1};
  ShopMetrics metrics_{shop_, workers_};
  FakeClient client_;
  Dependencies dependencies_{{.gateway_url = "http://gateway:3000", .timeout = Duration(1500)},
                             client_,
                             clock_,
                             *logger_,
                             metrics_};
};

TEST_F(DependenciesTest, GoThroughTheGatewayWithATimeout) {
  EXPECT_EQ(dependencies_.Send(call_), Outcome::kSuccess);
  EXPECT_EQ(client_.sent.method, "POST");
  EXPECT_EQ(client_.sent.url, "http://gateway:3000/payments/charge");
  EXPECT_EQ(client_.sent.timeout, Duration(1500));
}

TEST_F(DependenciesTest, AreJudgedAsTheCallerSeesThem) {
  struct Row {
    Result<HttpResponse> answer;
    Outcome expected;
  };
  const auto status = [](int code) { return Result<HttpResponse>(HttpResponse{.status = code}); };
  for (const Row& row : {Row{status(200), Outcome::kSuccess}, Row{status(204), Outcome::kSuccess},
                         Row{status(404), Outcome::kError}, Row{status(429), Outcome::kError},
                         Row{status(503), Outcome::kError}, Row{status(504), Outcome::kTimeout},
                         Row{Fail(ErrorCode::kTimeout, ""), Outcome::kTimeout},
                         Row{Fail(ErrorCode::kUnavailable, ""), Outcome::kError}}) {
    client_.answer = row.answer;
    EXPECT_EQ(dependencies_.Send(call_), row.expected);
  }
  std::vector<prometheus::MetricFamily> families;
  for (const auto& source : metrics_.sources()) {
    for (auto& family : source->Collect()) families.push_back(std::move(family));
  }
  const std::string text = ToPrometheusText(std::move(families));
  for (const char* outcome : {"success\"} 2", "error\"} 4", "timeout\"} 2"}) {
    EXPECT_THAT(text, HasSubstr(std::string("dependency_requests_total{callee=\"payments\","
                                            "caller=\"orders\",outcome=\"") +
                                outcome));
  }
  EXPECT_THAT(text, HasSubstr("dependency_request_duration_seconds_count{callee=\"payments\","
                              "caller=\"orders\"} 8"));
}

}  // namespace
}  // namespace promheal::shop
