// The shop's users, run for real against a gateway that does as it is told.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/services/gateway_stand_in.h"
#include "tests/services/shop_process.h"
#include "tests/support/free_port.h"
#include "tests/support/wait.h"

namespace promheal::shop {
namespace {

using std::chrono::seconds;
using support::FakeHttpServer;
using support::WaitUntil;
using testing::HasSubstr;

double RequestsOf(ShopProcess& load, const char* outcome) {
  double sum = 0;
  for (const char* service : {"orders", "payments", "auth"}) {
    sum += load.Metric(fmt::format("load_requests_total{{outcome=\"{}\",service=\"{}\"}}", outcome,
                                   service))
               .value_or(0);
  }
  return sum;
}

TEST(LoadTest, SendsWhatUsersDoAtItsRateAndThenStops) {
  const GatewayStandIn gateway;
  ShopProcess load("shop_load", {gateway.flag(), "--rate=100", "--pattern=steady",
                                 "--arrivals=even", "--duration=1s"});
  ASSERT_TRUE(WaitUntil([&] { return RequestsOf(load, "success") == 100; }, seconds(20)));
  EXPECT_THAT(load.Get("/pattern")->body, HasSubstr("the time is up"));
  EXPECT_EQ(load.Metric("load_target_rate"), 0);
  EXPECT_EQ(gateway.requests().size(), 100U);
  EXPECT_THAT(gateway.requests(), testing::Contains("GET /orders/items"));
  EXPECT_EQ(RequestsOf(load, "lost"), 0);
}

TEST(LoadTest, SeesFailuresAsUsersDo) {
  struct Row {
    int status;
    const char* outcome;
  };
  for (const Row& row : {Row{200, "success"}, Row{404, "success"}, Row{429, "error"},
                         Row{503, "error"}, Row{504, "timeout"}}) {
    const FakeHttpServer gateway(
        [&](const support::FakeHttpRequest&) { return support::Reply(row.status, ""); });
    ShopProcess load("shop_load", {"--gateway.url=" + gateway.url(), "--rate=200"});
    EXPECT_TRUE(WaitUntil([&] { return RequestsOf(load, row.outcome) > 0; }, seconds(10)))
        << row.status;
  }
  ShopProcess nobody(
      "shop_load",
      {fmt::format("--gateway.url=http://127.0.0.1:{}", support::FreePort()), "--rate=200"});
  EXPECT_TRUE(WaitUntil([&] { return RequestsOf(nobody, "lost") > 0; }, seconds(10)));
}

TEST(LoadTest, LosesRequestsBeyondTheLimitInFlight) {
  const FakeHttpServer gateway([](const support::FakeHttpRequest&) {
    return support::FakeHttpReply{.bytes = "", .then = support::FakeHttpReply::Then::kHang};
  });
  ShopProcess load("shop_load", {"--gateway.url=" + gateway.url(), "--rate=200",
                                 "--max-in-flight=3", "--timeout=30s"});
  EXPECT_TRUE(WaitUntil([&] { return RequestsOf(load, "lost") > 10; }, seconds(10)));
  EXPECT_LE(gateway.requests().size(), 3U);
}

TEST(LoadTest, ThePatternChangesWhileItRuns) {
  const GatewayStandIn gateway;
  ShopProcess load("shop_load", {gateway.flag(), "--rate=10", "--pattern=steady"});
  EXPECT_EQ(load.Get("/pattern")->body, "steady, 10.0 requests/s\n");
  EXPECT_EQ(load.Post("/pattern?name=spike&duration=60s&factor=4")->body,
            "spike for 1m: 4 times the usual rate\n");
  EXPECT_EQ(load.Get("/pattern")->body, "spike, 40.0 requests/s\n");
  EXPECT_TRUE(WaitUntil([&] { return load.Metric("load_target_rate") == 40; }, seconds(10)));
  EXPECT_EQ(load.Post("/pattern?name=storm")->status, 400);
  EXPECT_EQ(load.Post("/pattern?name=steady")->status, 200);
  EXPECT_EQ(load.Get("/pattern")->body, "steady, 10.0 requests/s\n");
}

}  // namespace
}  // namespace promheal::shop
