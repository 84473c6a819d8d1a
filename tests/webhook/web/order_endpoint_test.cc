#include "webhook/web/order_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/null_logger.h"
#include "tests/support/raw_http_client.h"
#include "webhook/web/order_request.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Result<Order> Parse(OrderKind kind, std::map<std::string, std::string> query,
                    const std::string& body = "") {
  HttpServerRequest request;
  request.query = std::move(query);
  request.body = body;
  HealingConfig config;
  config.optional_labels = {"instance"};
  return ParseOrder(kind, request, config);
}

TEST(OrderRequestTest, ReadsTheQueryOrABody) {
  const auto query = Parse(
      OrderKind::kFreeze,
      {{"target", "service=orders,instance=orders-1"}, {"duration", "2h"}, {"reason", "moving"}});
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->target, (Labels{{"service", "orders"}, {"instance", "orders-1"}}));
  EXPECT_EQ(query->duration, 2h);
  EXPECT_EQ(query->why, "moving");
  const auto body =
      Parse(OrderKind::kFreeze, {{"reason", "moving"}},
            R"({"target": {"service": "orders", "instance": "orders-1"}, "duration": "2h"})");
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(body->target, query->target);
  EXPECT_EQ(body->duration, query->duration);
  EXPECT_EQ(body->why, query->why);
}

TEST(OrderRequestTest, SaysWhatIsWrong) {
  struct Row {
    OrderKind kind;
    std::map<std::string, std::string> query;
    const char* body;
    const char* complaint;
  };
  const Row rows[] = {
      {OrderKind::kPause, {{"reson", "x"}}, "", "unknown parameter 'reson': expected reason"},
      {OrderKind::kPause, {{"duration", "1h"}}, "", "unknown parameter 'duration'"},
      {OrderKind::kPause, {}, "[1]", "body: expected a JSON object"},
      {OrderKind::kPause, {}, "{", "body: expected a JSON object"},
      {OrderKind::kPause, {}, R"({"reason": 1})", "reason: expected a string"},
      {OrderKind::kPause,
       {{"reason", "a"}},
       R"({"reason": "b"})",
       "reason: given in the query and"},
      {OrderKind::kPause, {{"reason", std::string(1001, 'x')}}, "", "reason: at most 1000"},
      {OrderKind::kFreeze, {}, "", "target: expected labels"},
      {OrderKind::kFreeze, {{"target", "orders"}}, "", "target: 'orders' is not a label"},
      {OrderKind::kFreeze, {{"target", "instance=a"}}, "", "the label 'service' is missing"},
      {OrderKind::kFreeze, {{"target", "service=a,b=c"}}, "", "'b' is not among the labels"},
      {OrderKind::kFreeze,
       {},
       R"({"target": {"service": 1}})",
       "target.service: expected a string"},
      {OrderKind::kFreeze, {}, R"({"target": {"service": "a,b"}})", "cannot hold a comma"},
      {OrderKind::kFreeze, {{"target", "service=a"}, {"duration", "soon"}}, "", "duration: "},
      {OrderKind::kFreeze,
       {{"target", "service=a"}, {"duration", "90d"}},
       "",
       "expected 1s to 30d"},
      {OrderKind::kRelease, {}, "", "expected one of: target, incident, all=true"},
      {OrderKind::kRelease, {{"all", "yes"}}, "", "all: expected true"},
      {OrderKind::kRelease, {{"all", "true"}, {"incident", "x"}}, "", "expected one of"},
  };
  for (const Row& row : rows) {
    const auto order = Parse(row.kind, row.query, row.body);
    ASSERT_FALSE(order) << row.complaint;
    EXPECT_THAT(order.error().message, HasSubstr(row.complaint));
  }
}

TEST(OrderRequestTest, EverythingHasToBeSaid) {
  EXPECT_TRUE(Parse(OrderKind::kRelease, {}, R"({"all": true})"));
  EXPECT_TRUE(Parse(OrderKind::kRelease, {{"target", "service=orders"}}));
  EXPECT_TRUE(Parse(OrderKind::kRelease, {{"incident", "orders-1"}}));
}

// The real server and endpoints, with the test as the worker.
class OrderEndpointTest : public testing::Test {
 protected:
  OrderEndpointTest() {
    std::vector<HttpRoute> routes = OrderRoutes(
        {inbox_, access_, [] { return std::make_shared<const HealingConfig>(); }, 200ms});
    routes.push_back(ControlRoute(published_));
    HttpServerOptions options{.listen_address = "127.0.0.1:0"};
    options.observer = [this](const HttpExchange& exchange) { CountOrder(metrics_, exchange); };
    server_ = std::move(*HttpServer::Start(std::move(options), std::move(routes), *logger_));
  }
  support::RawHttpResponse Send(const std::string& method, const std::string& path,
                                const std::string& headers = "", const std::string& body = "") {
    const auto response = support::RawHttpExchange(
        server_->port(), method + " " + path + " HTTP/1.1\r\nHost: t\r\n" + headers +
                             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(response) << path;
    return response.value_or(support::RawHttpResponse{});
  }
  // Takes one order as the worker would.
  support::RawHttpResponse SendAnswered(const std::string& path,
                                        const Result<OrderReport>& report) {
    std::thread worker([&] {
      Inbox::Batch batch;
      while (batch.ordering.empty()) batch = inbox_.Pop(1s);
      taken_ = batch.input.orders[0];
      batch.ordering[0].set_value(report);
    });
    auto response = Send("POST", path);
    worker.join();
    return response;
  }

  std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  std::atomic<WriteAccess> access_ = WriteAccess::kOpen;
  HealingMetrics metrics_;
  PublishedSnapshot published_;
  Inbox inbox_{1};
  Order taken_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(OrderEndpointTest, ConfirmsWhatHasBecomeDurable) {
  const auto response =
      SendAnswered("/-/pause?reason=release%20day", OrderReport{.changed = true, .text = "paused"});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{\"changed\":true,\"incidents\":[],\"text\":\"paused\"}\n");
  EXPECT_EQ(taken_.kind, OrderKind::kPause);
  EXPECT_EQ(taken_.by, "anonymous");
  EXPECT_EQ(taken_.from, "127.0.0.1");
  EXPECT_EQ(taken_.why, "release day");
}

TEST_F(OrderEndpointTest, TheIncidentStandsInThePath) {
  const auto response = SendAnswered("/api/v1/incidents/orders-1/false-alarm",
                                     Fail(ErrorCode::kNotFound, "there is no incident"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(taken_.kind, OrderKind::kFalseAlarm);
  EXPECT_EQ(taken_.incident_id, "orders-1");
}

TEST_F(OrderEndpointTest, ALedgerThatCannotBeWrittenIs503) {
  EXPECT_EQ(SendAnswered("/-/resume", Fail(ErrorCode::kUnavailable, "disk full")).status, 503);
  EXPECT_EQ(Send("POST", "/-/pause").status, 503) << "no worker confirmed it";
}

TEST_F(OrderEndpointTest, RefusesWhatIsNotAllowedOrMakesNoSense) {
  EXPECT_EQ(Send("POST", "/-/pause?reson=x").status, 400);
  EXPECT_EQ(Send("GET", "/-/pause").status, 405);
  EXPECT_EQ(Send("GET", "/api/v1/incidents/x/false-alarm").status, 405);
  EXPECT_EQ(Send("POST", "/-/pause/x").status, 404);
  EXPECT_EQ(Send("POST", "/-/pause", "Origin: https://elsewhere.example\r\n").status, 403);
  access_ = WriteAccess::kClosed;
  EXPECT_EQ(Send("POST", "/-/pause").status, 401);
  EXPECT_EQ(Send("POST", "/api/v1/overrides/release?all=true").status, 401);
}

TEST_F(OrderEndpointTest, ShowsWhatPeopleWant) {
  EXPECT_EQ(Send("GET", "/api/v1/control").body, "{\"paused\":null,\"frozen\":[]}\n");
  const FrozenRecord frozen{Labels{{"service", "orders"}}, Time(), "moving", "bob"};
  published_.Publish({.frozen = {{KeyOf(frozen), std::make_shared<const FrozenRecord>(frozen)}},
                      .pause = {{"pause/all", std::make_shared<const Pause>(
                                                  Pause{"alice", Time(), "release day"})}}});
  const std::string body = Send("GET", "/api/v1/control").body;
  EXPECT_THAT(body, HasSubstr(R"("paused":{"by":"alice","since":"1970-01-01T00:00:00)"));
  EXPECT_THAT(body, HasSubstr(R"("by":"bob")"));
}

}  // namespace
}  // namespace promheal::healing
