#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/io/prometheus/prometheus_api.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/free_port.h"

// The client of the API over real sockets, against servers that misbehave.

namespace promheal {
namespace {

using support::FakeHttpReply;
using support::FakeHttpRequest;
using support::FakeHttpServer;
using support::Reply;
using testing::HasSubstr;
using testing::StartsWith;

constexpr char kOneSample[] =
    R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}})";

Result<QueryResult> Ask(const FakeHttpServer& server, PrometheusApiOptions options = {}) {
  options.url = server.url();
  return HttpPrometheusApi(options).Query("up", Time());
}

TEST(PrometheusApiWireTest, SendsHeadersAndParameters) {
  FakeHttpServer server([](const FakeHttpRequest&) { return Reply(200, kOneSample); });
  ASSERT_TRUE(Ask(server, {.parameters = {{"extra_label", "env=prod"}},
                           .http = {.headers = {{"X-Scope-OrgID", "tenant-1"}}}}));
  const FakeHttpRequest sent = server.requests().at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.target, "/api/v1/query");
  EXPECT_EQ(sent.Header("X-Scope-OrgID"), "tenant-1");
  EXPECT_EQ(sent.Header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_THAT(sent.body, HasSubstr("&extra_label=env%3Dprod"));
}

TEST(PrometheusApiWireTest, AProxysLoginPageIsDataLossWithItsFirstWords) {
  FakeHttpServer server([](const FakeHttpRequest&) {
    return Reply(200, "<!DOCTYPE html>\n<html>\n <title>Sign in</title>", "text/html");
  });
  EXPECT_EQ(Ask(server).error(),
            (Error{ErrorCode::kDataLoss, server.url() +
                                             ": the answer is not Prometheus' JSON: "
                                             "<!DOCTYPE html> <html> <title>Sign in</title>"}));
}

TEST(PrometheusApiWireTest, AProxyWithoutItsPrometheusIsUnavailable) {
  FakeHttpServer server([](const FakeHttpRequest&) {
    return Reply(502, "<html><h1>502 Bad Gateway</h1></html>", "text/html");
  });
  const Error error = Ask(server).error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("502 Bad Gateway"));
}

TEST(PrometheusApiWireTest, ASlowServerIsATimeout) {
  FakeHttpServer server([](const FakeHttpRequest&) {
    return FakeHttpReply{.bytes = "HTTP/1.1 200 OK\r\n", .then = FakeHttpReply::Then::kHang};
  });
  EXPECT_EQ(Ask(server, {.timeout = Duration(100)}).error(),
            (Error{ErrorCode::kTimeout, server.url() + ": no complete answer within 100ms"}));
}

TEST(PrometheusApiWireTest, AnAnswerThatIsCutOffIsNeverTakenForAWholeOne) {
  const std::string body = kOneSample;
  for (size_t length = 0; length < body.size(); length += 7) {
    // With a Content-Length, the transport notices; without it, only the JSON shows the cut.
    for (const bool with_length : {true, false}) {
      FakeHttpServer server([&](const FakeHttpRequest&) {
        std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        if (with_length) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return FakeHttpReply{.bytes = head + "\r\n" + body.substr(0, length),
                             .then = FakeHttpReply::Then::kClose};
      });
      const Result<QueryResult> result = Ask(server);
      ASSERT_FALSE(result) << length;
      EXPECT_EQ(result.error().code, with_length ? ErrorCode::kUnavailable : ErrorCode::kDataLoss)
          << length;
    }
  }
}

TEST(PrometheusApiWireTest, AConnectionWithoutListenerIsUnavailable) {
  const std::string url = "http://127.0.0.1:" + std::to_string(support::FreePort());
  const Error error = HttpPrometheusApi({.url = url}).Query("up", Time()).error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, StartsWith(url + ": Failed to connect"));
}

TEST(PrometheusApiWireTest, ALongRangeKeepsItsConnection) {
  FakeHttpServer server([](const FakeHttpRequest&) {
    return Reply(200, R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  });
  HttpPrometheusApi api({.url = server.url(), .max_points_per_request = 10});
  ASSERT_TRUE(
      api.QueryRange("up", Time(), Time(std::chrono::seconds(199)), std::chrono::seconds(1)));
  EXPECT_EQ(server.requests().size(), 20U);
  EXPECT_EQ(server.connections(), 1);
}

}  // namespace
}  // namespace promheal
