// The shop's services, run for real: what they answer, how they break, what they say of themselves.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "common/io/clock.h"
#include "common/io/http/http_server.h"
#include "tests/services/gateway_stand_in.h"
#include "tests/services/shop_process.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/promtool.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait.h"

namespace promheal::shop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using support::FakeHttpServer;
using support::WaitUntil;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kFaults[] = "--enable-faults";
constexpr char kFast[] = "--service-time=0s";

std::string CallsOf(const char* callee, const char* outcome) {
  return fmt::format("dependency_requests_total{{callee=\"{}\",caller=\"orders\",outcome=\"{}\"}}",
                     callee, outcome);
}

TEST(ShopTest, ACheckoutAsksAuthAndPaymentsThroughTheGateway) {
  const GatewayStandIn gateway;
  ShopProcess orders("shop_orders", {gateway.flag(), kFast});
  EXPECT_EQ(orders.Post("/checkout")->status, 200);
  EXPECT_THAT(gateway.requests(), ElementsAre("GET /auth/verify", "POST /payments/charge"));
  EXPECT_EQ(orders.Metric(CallsOf("auth", "success")), 1);
  EXPECT_EQ(orders.Metric(CallsOf("payments", "success")), 1);
  EXPECT_EQ(orders.Metric("http_requests_total{code=\"200\",method=\"POST\",route=\"/checkout\"}"),
            1);
}

TEST(ShopTest, AFailedCallFailsTheCheckout) {
  const GatewayStandIn gateway({{"/payments/charge", 503}});
  ShopProcess orders("shop_orders", {gateway.flag(), kFast});
  EXPECT_EQ(orders.Post("/checkout")->status, 502);
  EXPECT_EQ(orders.Metric(CallsOf("payments", "error")), 1);
  EXPECT_EQ(orders.Metric("log_messages_total{level=\"warn\"}"), 1);
  EXPECT_EQ(orders.StatusOf("/items"), 200);
}

TEST(ShopTest, ACallThatHangsIsGivenUp) {
  const FakeHttpServer gateway([](const support::FakeHttpRequest&) {
    return support::FakeHttpReply{.bytes = "", .then = support::FakeHttpReply::Then::kHang};
  });
  ShopProcess orders("shop_orders",
                     {"--gateway.url=" + gateway.url(), kFast, "--dependency-timeout=100ms"});
  EXPECT_EQ(orders.StatusOf("/history"), 504);
  EXPECT_EQ(orders.Metric(CallsOf("auth", "timeout")), 1);
}

TEST(ShopTest, AServiceWithoutRoomSaysSo) {
  ShopProcess auth("shop_auth", {"--workers=1", "--queue=0", "--service-time=2s"});
  std::thread first([&] { EXPECT_EQ(auth.StatusOf("/verify"), 200); });
  ASSERT_TRUE(WaitUntil([&] { return auth.Metric("http_workers_busy") == 1; }, seconds(10)));
  EXPECT_EQ(auth.Metric("http_requests_in_flight"), 1);
  EXPECT_EQ(auth.StatusOf("/verify"), 503);
  EXPECT_EQ(auth.StatusOf("/health"), 200);  // Needs no worker.
  first.join();
}

TEST(ShopTest, CountsTrafficAndNothingElse) {
  ShopProcess payments("shop_payments", {kFast});
  EXPECT_EQ(payments.StatusOf("/balance"), 200);
  EXPECT_EQ(payments.StatusOf("/health"), 200);
  EXPECT_EQ(payments.StatusOf("/nowhere"), 404);
  EXPECT_EQ(payments.Post("/balance")->status, 405);
  // The service counts a request after it has sent the answer, perhaps a moment later.
  const auto counts = [&](const std::string& counter) {
    return WaitUntil(
        [&] { return payments.Get("/metrics")->body.find(counter + " 1\n") != std::string::npos; },
        seconds(10));
  };
  EXPECT_TRUE(counts(R"(http_requests_total{code="200",method="GET",route="/balance"})"));
  EXPECT_TRUE(counts(R"(http_requests_total{code="404",method="GET",route="other"})"));
  EXPECT_TRUE(counts(R"(http_requests_total{code="405",method="POST",route="other"})"));
  const std::string metrics = payments.Get("/metrics")->body;
  EXPECT_THAT(metrics, HasSubstr("http_requests_total{code=\"503\",method=\"POST\","
                                 "route=\"/charge\"} 0\n"));  // Exists before the first such call.
  EXPECT_THAT(metrics, testing::Not(HasSubstr("/health\"")));
  EXPECT_GT(payments.Metric("http_received_bytes_total"), 100);
  EXPECT_GT(payments.Metric("http_sent_bytes_total"), 100);
}

TEST(ShopTest, TheLandingPageIsForBrowsers) {
  ShopProcess orders("shop_orders");
  const Result<HttpResponse> page = orders.Get("/");
  EXPECT_EQ(page->status, 200);
  EXPECT_EQ(page->Header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(page->body, HasSubstr("<h1>orders</h1>"));
}

TEST(ShopTest, PromtoolIsContentWithEveryMetric) {
  const GatewayStandIn gateway;
  for (const char* program : {"shop_orders", "shop_payments", "shop_auth", "shop_load"}) {
    ShopProcess process(program, {gateway.flag()});
    const auto complaints = support::CheckMetrics(process.Get("/metrics")->body);
    if (!complaints) GTEST_SKIP() << support::kNoPromtool;
    EXPECT_EQ(*complaints, "") << program;
  }
}

TEST(ShopTest, SaysInOneLineWhatIsWrongWithItsFlags) {
  for (const char* flag : {"--workers=0", "--service-time=1m", "--gateway.url=nowhere",
                           "--web.listen-address=nowhere", "--nonsense"}) {
    support::ChildProcess process({.argv = {std::string(SHOP_PROGRAMS) + "/shop_orders", flag}});
    EXPECT_EQ(process.Wait(seconds(10)), 1) << flag;
    EXPECT_EQ(std::ranges::count(process.Output(), '\n'), 1) << process.Output();
  }
}

TEST(FaultTest, WithoutFaultsEnabledThereIsNoSuchPage) {
  ShopProcess orders("shop_orders");
  EXPECT_EQ(orders.StatusOf("/fault?mode=crash"), 404);
  EXPECT_TRUE(orders.process().Running());
}

TEST(FaultTest, ABadRequestIsToldWhatWasExpectedAndBreaksNothing) {
  ShopProcess orders("shop_orders", {kFaults, kFast});
  const Result<HttpResponse> refused = orders.Get("/fault?mode=errors&rate=2");
  EXPECT_EQ(refused->status, 400);
  EXPECT_EQ(refused->body,
            "rate: '2' is not right: expected a share above 0 and at most 1, such as 0.5\n");
  EXPECT_EQ(orders.StatusOf("/items"), 200);
}

TEST(FaultTest, ACrashAnswersNothingAndEndsTheProcess) {
  ShopProcess orders("shop_orders", {kFaults});
  EXPECT_EQ(orders.StatusOf("/fault?mode=crash"), 0);
  EXPECT_EQ(orders.process().Wait(seconds(10)), 70);
}

TEST(FaultTest, AHangStopsEverythingForItsDuration) {
  ShopProcess orders("shop_orders", {kFaults, kFast});
  std::atomic<int> answered_with = 0;
  std::thread hanging([&] { answered_with = orders.StatusOf("/fault?duration=3s"); });
  ASSERT_TRUE(WaitUntil(
      [&] { return orders.process().Output().find("fault injected") != std::string::npos; },
      seconds(2)));
  ASSERT_TRUE(
      WaitUntil([&] { return orders.StatusOf("/health", milliseconds(100)) == 0; }, seconds(1)));
  for (const char* path : {"/metrics", "/items", "/", "/fault?mode=none"}) {
    EXPECT_EQ(orders.StatusOf(path, milliseconds(100)), 0) << path;
  }
  EXPECT_EQ(answered_with, 0);
  EXPECT_TRUE(
      WaitUntil([&] { return orders.StatusOf("/health", milliseconds(100)) == 200; }, seconds(10)));
  hanging.join();
  EXPECT_EQ(answered_with, 200);
}

TEST(FaultTest, AHungProcessStillEndsWhenItIsTold) {
  ShopProcess orders("shop_orders", {kFaults});
  EXPECT_EQ(orders.StatusOf("/fault", milliseconds(200)), 0);
  const SystemClock clock;
  const Duration start = clock.Monotonic();
  EXPECT_EQ(orders.process().Terminate(), 0);
  EXPECT_LT(clock.Monotonic() - start, seconds(5));
}

TEST(FaultTest, ErrorsHitTheirShareOfTheRequests) {
  ShopProcess orders("shop_orders", {kFaults, kFast});
  ASSERT_EQ(orders.StatusOf("/fault?mode=errors&rate=0.25"), 200);
  int failed = 0;
  for (int i = 0; i < 20; ++i) failed += orders.StatusOf("/items") == 500 ? 1 : 0;
  EXPECT_EQ(failed, 5);
  EXPECT_EQ(orders.Metric("log_messages_total{level=\"error\"}"), 5);
  EXPECT_EQ(orders.StatusOf("/health"), 200);
  ASSERT_EQ(orders.StatusOf("/fault?mode=none"), 200);
  EXPECT_EQ(orders.StatusOf("/items"), 200);
}

TEST(FaultTest, LatencyTakesCapacityAway) {
  ShopProcess orders("shop_orders", {kFaults, kFast, "--workers=4", "--queue=2"});
  ASSERT_EQ(orders.StatusOf("/fault?mode=latency&rate=0.75&amount=1s"), 200);
  ASSERT_TRUE(WaitUntil([&] { return orders.Metric("http_workers_busy") == 3; }, seconds(10)));
  const SystemClock clock;
  const Duration start = clock.Monotonic();
  std::atomic<int> served = 0;
  std::atomic<int> turned_away = 0;
  std::vector<std::thread> users;
  for (int i = 0; i < 6; ++i) {  // One is served, two wait, three find no room.
    users.emplace_back([&] {
      const int status = orders.StatusOf("/items");
      served += status == 200 ? 1 : 0;
      turned_away += status == 503 ? 1 : 0;
    });
  }
  for (std::thread& user : users) user.join();
  EXPECT_EQ(served, 3);
  EXPECT_EQ(turned_away, 3);
  EXPECT_GE(clock.Monotonic() - start, milliseconds(1500));
}

TEST(FaultTest, MemoryGrowsByItsAmountAndIsGivenBack) {
  ShopProcess orders("shop_orders", {kFaults});
  const auto resident = [&] { return orders.Metric("process_resident_memory_bytes").value_or(0); };
  constexpr double kMiB = 1 << 20;
  const double before = resident();
  ASSERT_EQ(orders.StatusOf("/fault?mode=memory&amount=24MiB"), 200);
  EXPECT_TRUE(WaitUntil([&] { return resident() > before + 23 * kMiB; }, seconds(20)));
  EXPECT_FALSE(WaitUntil([&] { return resident() > before + 40 * kMiB; }, milliseconds(600)));
  ASSERT_EQ(orders.StatusOf("/fault?mode=none"), 200);
  EXPECT_TRUE(WaitUntil([&] { return resident() < before + 12 * kMiB; }, seconds(10)));
}

TEST(FaultTest, AProcessThatLeaksBeyondItsLimitIsEndedAsInAContainer) {
  ShopProcess orders("shop_orders", {kFaults, "--memory-limit-mib=512"});
  EXPECT_EQ(orders.Metric("process_memory_limit_bytes"), 512 << 20);
  EXPECT_EQ(orders.Metric("process_cpu_limit_cores"), std::nullopt);
  ShopProcess leaking("shop_orders", {kFaults, "--memory-limit-mib=4", "--cpu-limit-cores=0.5"});
  EXPECT_EQ(leaking.Metric("process_cpu_limit_cores"), 0.5);
  leaking.StatusOf("/fault?mode=memory&amount=64MiB");
  EXPECT_EQ(leaking.process().Wait(seconds(20)), 137);
}

TEST(FaultTest, AFaultInAFileIsThereFromTheStart) {
  const support::TempDirectory directory;
  const std::string path = directory.Write("fault", "mode=errors&rate=1&duration=1m\n");
  ShopProcess broken("shop_orders", {kFaults, kFast, "--fault.file=" + path});
  EXPECT_TRUE(WaitUntil([&] { return broken.StatusOf("/items") == 500; }, seconds(10)));
  ShopProcess well("shop_orders", {kFaults, kFast, "--fault.file=" + directory.PathOf("none")});
  EXPECT_EQ(well.StatusOf("/items"), 200);
  ShopProcess unbreakable("shop_orders", {kFast, "--fault.file=" + path});
  EXPECT_EQ(unbreakable.StatusOf("/items"), 200);
}

TEST(FaultTest, CpuIsBurnt) {
  ShopProcess orders("shop_orders", {kFaults});
  ASSERT_EQ(orders.StatusOf("/fault?mode=cpu&rate=1&duration=20s"), 200);
  EXPECT_TRUE(WaitUntil(
      [&] { return orders.Metric("process_cpu_seconds_total").value_or(0) > 0.2; }, seconds(19)));
}

TEST(FaultTest, LogErrorsAreWrittenThoughRequestsAreServed) {
  ShopProcess orders("shop_orders", {kFaults, kFast});
  ASSERT_EQ(orders.StatusOf("/fault?mode=log_errors"), 200);
  EXPECT_EQ(orders.StatusOf("/items"), 200);
  EXPECT_EQ(orders.Metric("log_messages_total{level=\"error\"}"), 1);
  EXPECT_THAT(orders.process().Output(), HasSubstr("level=ERROR"));
}

}  // namespace
}  // namespace promheal::shop
