// The real healer and a real HAProxy: an override outlives neither its healer nor its use.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/integration/shop_gateway.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/free_port.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/tool.h"
#include "tests/support/wait.h"

namespace promheal {
namespace {

using namespace std::chrono_literals;
using support::WaitUntil;
using testing::HasSubstr;

// Whatever is asked, Prometheus has one answer; a throttle or a drain makes it good.
constexpr char kConfig[] = R"(
prometheus: {{timeout: 2s}}
incidents: {{collection_window: 0s}}
targets: {{labels: [service], optional_labels: [instance]}}
actions:
  throttle: {{timeout: 3s, haproxy: {{sockets: [{0}], operation: throttle, percent: 40}}}}
  drain: {{timeout: 3s, haproxy: {{sockets: [{0}], operation: drain}}}}
  open_breaker: {{timeout: 3s, haproxy: {{sockets: [{0}], operation: breaker}}}}
policies:
  - name: latency
    mode: auto
    match: {{scenario: latency}}
    ladder:
      - action: throttle
        hold: {{at_least: {1}, at_most: 20m, release: [20], step: 1s}}
    verify: &verify
      settle: 0s
      interval: 100ms
      times: 2
      timeout: 1m
      conditions: [{{query: 'up{{service="{{service}}"}}', expect: "== 1"}}]
  - name: errors of auth
    mode: auto
    match: {{scenario: errors, service: auth}}
    ladder:
      - action: open_breaker
        probe: true
        hold: {{at_least: 500ms, at_most: 20m, release: [50], step: 3s}}
    verify:
      settle: 0s
      interval: 1s
      times: 2
      timeout: 1m
      conditions: [{{query: 'up{{service="{{service}}"}}', expect: "== 1"}}]
  - name: errors
    mode: auto
    match: {{scenario: errors}}
    ladder:
      - action: drain
        hold: {{at_least: {1}, at_most: 20m, step: 1s}}
    verify: *verify
)";

class HeldOverrideTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!support::FindTool("haproxy")) GTEST_SKIP() << support::MissingTool("haproxy");
    gateway_ = std::make_unique<ShopGateway>();
  }

  void Start(const std::string& at_least) {
    directory_.Write("healing.yml", fmt::format(kConfig, gateway_->haproxy().socket(), at_least));
    healer_ = std::make_unique<support::ChildProcess>(support::ChildProcessOptions{
        .argv = {HEALING_WEBHOOK, "--config.file", directory_.PathOf("healing.yml"),
                 "--storage.path", directory_.PathOf("data"), "--web.allow-unauthenticated",
                 "--web.listen-address", fmt::format("127.0.0.1:{}", port_), "--prometheus.url",
                 prometheus_.url()}});
    ASSERT_TRUE(WaitUntil([&] { return Get("/-/ready").find("200") == 0; }, 30s))
        << healer_->Output();
  }

  // Status and body; "" while no server listens.
  std::string Get(const std::string& path) const {
    try {
      const auto response = support::RawHttpGet(port_, path);
      return response ? fmt::format("{} {}", response->status, response->body) : "";
    } catch (const std::exception&) {
      return "";
    }
  }

  void Alert(const std::string& service, const std::string& scenario,
             const std::string& instance) const {
    const std::string body = fmt::format(
        R"({{"version":"4","alerts":[{{"status":"firing","labels":{{"alertname":"Trouble",)"
        R"("service":"{}","scenario":"{}","instance":"{}"}},)"
        R"("startsAt":"2026-01-01T00:00:00Z"}}]}})",
        service, scenario, instance);
    const auto response = support::RawHttpExchange(
        port_,
        fmt::format("POST /api/v1/alerts HTTP/1.1\r\nHost: t\r\nContent-Length: {}\r\n\r\n{}",
                    body.size(), body));
    ASSERT_TRUE(response);
    ASSERT_EQ(response->status, 200) << response->body;
  }

  std::string ShedTable() const { return gateway_->haproxy().Admin("show table override_shed"); }
  bool IsThrottled() const { return ShedTable().find("key=orders") != std::string::npos; }
  bool IsDrained() const { return ValueOf("drain"); }
  // Whether the payments slot is drained, as HAProxy's own statistics have it.
  bool ValueOf(const std::string& status) const {
    const std::string stat = gateway_->haproxy().Admin("show stat payments 4 -1");
    const size_t slot = stat.find("payments,payments-1,");
    const std::string line = stat.substr(slot, stat.find('\n', slot) - slot);
    return status == "drain" ? line.find(",DRAIN") != std::string::npos
                             : line.find(",UP,") != std::string::npos;
  }
  void Throttle() {
    good_ = false;
    Alert("orders", "latency", "");
    ASSERT_TRUE(WaitUntil([&] { return IsThrottled(); }, 20s)) << Get("/api/v1/incidents");
  }
  void Drain() {
    good_ = false;
    Alert("payments", "errors", "payments-1");
    ASSERT_TRUE(WaitUntil([&] { return IsDrained(); }, 20s)) << Get("/api/v1/incidents");
  }

  std::atomic<bool> good_ = false;
  support::TempDirectory directory_;
  support::FakeHttpServer prometheus_{[this](const support::FakeHttpRequest&) {
    return support::Reply(
        200, fmt::format(R"({{"status":"success","data":{{"resultType":"vector","result":)"
                         R"([{{"metric":{{}},"value":[1,"{}"]}}]}}}})",
                         good_ ? 1 : 0));
  }};
  const uint16_t port_ = support::FreePort();
  std::unique_ptr<ShopGateway> gateway_;
  std::unique_ptr<support::ChildProcess> healer_;
};

TEST_F(HeldOverrideTest, KilledWhileItThrottlesTheThrottleIsGoneWithinItsTime) {
  Start("10m");
  Throttle();
  good_ = true;
  // Held beyond its time of 15 s, by renewal alone.
  EXPECT_FALSE(WaitUntil([&] { return !IsThrottled(); }, 17s)) << Get("/api/v1/incidents");
  EXPECT_THAT(Get("/metrics"),
              HasSubstr(R"(healing_override_active{action="throttle",service="orders"} 0.4)"));
  healer_->Kill();
  EXPECT_TRUE(WaitUntil([&] { return !IsThrottled(); }, 16s)) << ShedTable();
  EXPECT_EQ(gateway_->StatusOf("orders"), 200);
}

TEST_F(HeldOverrideTest, KilledWhileASlotIsDrainedTheNextStartFindsItAndUndoesIt) {
  Start("5s");
  Drain();
  healer_->Kill();
  good_ = true;
  EXPECT_TRUE(IsDrained()) << "it does not expire by nature";
  Start("5s");
  EXPECT_TRUE(WaitUntil([&] { return !IsDrained(); }, 30s)) << Get("/api/v1/incidents");
  EXPECT_TRUE(WaitUntil([&] { return ValueOf("up"); }, 10s));
  // The gateway changes before its answer has reached the healer.
  EXPECT_TRUE(WaitUntil(
      [&] { return Get("/metrics").find("healing_override_active{") == std::string::npos; }, 10s));
}

TEST_F(HeldOverrideTest, AReloadedGatewayIsThrottledAndDrainedAgain) {
  Start("10m");
  Throttle();
  Drain();
  good_ = true;
  gateway_->haproxy().Reload();
  EXPECT_TRUE(WaitUntil([&] { return IsThrottled(); }, 20s)) << Get("/api/v1/incidents");
  EXPECT_TRUE(WaitUntil([&] { return IsDrained(); }, 20s)) << Get("/api/v1/incidents");
  EXPECT_TRUE(WaitUntil(
      [&] { return Get("/api/v1/incidents").find("is in force again") != std::string::npos; }, 5s));
}

TEST_F(HeldOverrideTest, ABreakerOpensProbesOpensAgainAndCloses) {
  Start("5s");
  const auto breaker = [&](const std::string& data) {
    return WaitUntil(
        [&] {
          return gateway_->haproxy().Admin("show table override_breaker").find(data) !=
                 std::string::npos;
        },
        40s);
  };
  const auto shares = [&] { return gateway_->Statuses("auth", 200); };
  Alert("auth", "errors", "");
  ASSERT_TRUE(breaker("gpc0=1")) << Get("/api/v1/incidents");
  EXPECT_EQ(shares()[503], 200) << "open";

  ASSERT_TRUE(breaker("gpt0=50")) << Get("/api/v1/incidents");
  ASSERT_TRUE(breaker("gpt0=0")) << "data are bad: " << Get("/api/v1/incidents");

  good_ = true;
  ASSERT_TRUE(breaker("gpt0=50")) << Get("/api/v1/incidents");
  std::map<int, int> probed = shares();
  EXPECT_NEAR(probed[200], 100, 40) << "real requests find out";
  ASSERT_TRUE(breaker("used:0")) << Get("/api/v1/incidents");
  EXPECT_EQ(shares()[200], 200) << "closed";
  EXPECT_TRUE(WaitUntil(
      [&] { return Get("/api/v1/incidents").find(R"("verdict":"healed")") != std::string::npos; },
      20s))
      << Get("/api/v1/incidents");
}

TEST_F(HeldOverrideTest, WhatAPersonSetIsToldAndStays) {
  gateway_->haproxy().Admin("set table override_shed key auth data.gpt0 10");
  Start("10m");
  EXPECT_TRUE(WaitUntil(
      [&] {
        gateway_->haproxy().Admin("set table override_shed key auth data.gpt0 10");
        return Get("/metrics").find("healing_override_orphaned{") != std::string::npos;
      },
      30s));
  EXPECT_THAT(Get("/metrics"), HasSubstr(R"(place="auth")"));
  EXPECT_THAT(ShedTable(), HasSubstr("key=auth"));
}

}  // namespace
}  // namespace promheal
