#include "webhook/healing_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "common/io/file.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/null_logger.h"
#include "tests/support/promtool.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr char kUsers[] =
    "basic_auth_users: {alice: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW}\n";
constexpr char kAlice[] = "Authorization: Basic YWxpY2U6c2VjcmV0\r\n";
constexpr char kBody[] =
    R"({"version":"4","alerts":[{"status":"firing",
        "labels":{"alertname":"Crash","service":"orders","scenario":"crash"},
        "startsAt":"2026-01-01T00:00:00Z"}]})";
constexpr char kConfig[] = R"(
incidents: {collection_window: 0s}
actions:
  restart: {command: {argv: [touch, "%/restarted-{service}"]}}
policies:
  - name: crash
    mode: auto
    match: {scenario: crash}
    ladder: [{action: restart}]
    verify:
      settle: 0s
      interval: 100ms
      times: 1
      conditions: [{query: 'up{service="{service}"}', expect: "== 1"}]
)";

// The whole program except main, with a Prometheus whose answers the test sets.
class HealingServiceTest : public testing::Test {
 protected:
  HealingServiceTest() {
    std::string config = kConfig;
    config.replace(config.find('%'), 1, directory_.path());
    directory_.Write("healing.yml", config);
    options_.config_file = directory_.PathOf("healing.yml");
    options_.prometheus_url = prometheus_.url();
    options_.storage_path = directory_.PathOf("data");
    options_.web_listen_address = "127.0.0.1:0";
    options_.web_config_file = directory_.Write("web.yml", kUsers);
  }
  void Start() {
    auto service = HealingService::Start(options_, clock_, *logger_);
    ASSERT_TRUE(service) << service.error().message;
    service_ = std::move(*service);
  }
  support::RawHttpResponse Send(const std::string& method, const std::string& path,
                                const std::string& headers = "", const std::string& body = "") {
    const auto response = support::RawHttpExchange(
        service_->port(), method + " " + path + " HTTP/1.1\r\nHost: t\r\n" + headers +
                              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(response) << path;
    return response.value_or(support::RawHttpResponse{});
  }
  bool Ready() { return Send("GET", "/-/ready").status == 200; }
  bool IncidentsSay(const std::string& text) {
    return Send("GET", "/api/v1/incidents").body.find(text) != std::string::npos;
  }
  // A request is counted once its answer has been sent, so perhaps a moment later.
  bool Counts(const std::string& counter) {
    return support::WaitUntil(
        [&] { return Send("GET", "/metrics").body.find(counter) != std::string::npos; }, 10s);
  }
  bool Restarted() { return ReadFile(directory_.PathOf("restarted-orders")).has_value(); }

  support::TempDirectory directory_;
  // Orders is up as soon as it was restarted.
  support::FakeHttpServer prometheus_{[this](const support::FakeHttpRequest&) {
    return support::Reply(
        200,
        R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,")" +
            std::string(Restarted() ? "1" : "0") + "\"]}]}}");
  }};
  SystemClock clock_;
  std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  HealingServiceOptions options_;
  std::unique_ptr<HealingService> service_;
};

TEST_F(HealingServiceTest, RecordsWhatItAcceptedWithoutAnyCredentials) {
  options_.record_payloads = directory_.PathOf("payloads.jsonl");
  Start();
  ASSERT_TRUE(support::WaitUntil([&] { return Ready(); }, 10s));
  EXPECT_EQ(Send("POST", "/api/v1/alerts", kAlice, "{}").status, 400);
  EXPECT_EQ(Send("POST", "/api/v1/alerts", kAlice, kBody).status, 200);
  const std::string recorded = *ReadFile(options_.record_payloads);
  EXPECT_EQ(std::count(recorded.begin(), recorded.end(), '\n'), 1) << recorded;
  EXPECT_THAT(recorded, HasSubstr("\"payload\":{\"version\":\"4\""));
  EXPECT_EQ(recorded.find("Basic"), std::string::npos);
}

TEST_F(HealingServiceTest, HealsFromAPostToAVerifiedAction) {
  Start();
  ASSERT_TRUE(support::WaitUntil([&] { return Ready(); }, 10s));
  EXPECT_EQ(Send("POST", "/api/v1/alerts", kAlice, kBody).status, 200);
  EXPECT_TRUE(support::WaitUntil([&] { return IncidentsSay("\"verdict\":\"healed\""); }, 20s))
      << Send("GET", "/api/v1/incidents").body;
  EXPECT_TRUE(Restarted());
}

TEST_F(HealingServiceTest, WritesNeedCredentialsReadsDoNot) {
  Start();
  EXPECT_EQ(Send("POST", "/api/v1/alerts", "", kBody).status, 401);
  EXPECT_EQ(
      Send("POST", "/api/v1/alerts", "Authorization: Basic YWxpY2U6d3Jvbmc=\r\n", kBody).status,
      401);
  for (const char* path : {"/", "/metrics", "/config", "/api/v1/incidents", "/-/healthy"}) {
    EXPECT_EQ(Send("GET", path).status, 200) << path;
  }
}

TEST_F(HealingServiceTest, ATokenLetsInWhoHasItUntilAReloadSaysOtherwise) {
  options_.web_config_file = directory_.Write(
      "web.yml", "bearer_token_files: {alertmanager: " + directory_.PathOf("token") + "}\n");
  directory_.Write("token", "0123456789abcdef\n");
  Start();
  const char* right = "Authorization: Bearer 0123456789abcdef\r\n";
  EXPECT_EQ(Send("POST", "/api/v1/alerts", right, kBody).status, 200);
  EXPECT_EQ(Send("POST", "/api/v1/alerts", "", kBody).status, 401);
  EXPECT_EQ(Send("POST", "/api/v1/alerts", kAlice, kBody).status, 401);
  const auto wrong = Send("POST", "/api/v1/alerts", "Authorization: Bearer x\r\n", kBody);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.headers.at("www-authenticate"), "Bearer");
  EXPECT_EQ(Send("POST", "/-/pause", right).status, 200);
  EXPECT_THAT(Send("GET", "/api/v1/control").body, HasSubstr(R"("by":"alertmanager")"));
  directory_.Write("token", "fedcba9876543210\n");
  ASSERT_TRUE(service_->Reload());
  EXPECT_EQ(Send("POST", "/api/v1/alerts", right, kBody).status, 401);
}

TEST_F(HealingServiceTest, TokensAndPasswordsWorkSideBySide) {
  directory_.Write("token", "0123456789abcdef\n");
  options_.web_config_file = directory_.Write(
      "web.yml", std::string(kUsers) +
                     "bearer_token_files: {alertmanager: " + directory_.PathOf("token") + "}\n");
  Start();
  EXPECT_EQ(Send("POST", "/api/v1/alerts", kAlice, kBody).status, 200);
  EXPECT_EQ(
      Send("POST", "/api/v1/alerts", "Authorization: Bearer 0123456789abcdef\r\n", kBody).status,
      200);
  EXPECT_EQ(Send("POST", "/api/v1/alerts", "Authorization: Bearer x\r\n", kBody).status, 401);
}

// Counts the lines that would be written.
class CountingLogger final : public Logger {
 public:
  std::atomic<int> lines = 0;

 protected:
  void Write(LogLevel level, std::string_view, std::initializer_list<LogField>) override {
    if (level != LogLevel::kDebug) ++lines;
  }
};

TEST_F(HealingServiceTest, WhatIsRefusedLeavesACounterAndNoMore) {
  auto* log = new CountingLogger;
  logger_.reset(log);
  Start();
  ASSERT_TRUE(support::WaitUntil([&] { return Ready(); }, 10s));
  const int before = log->lines;
  const std::string huge = "Content-Length: 99999999\r\n";
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Send("POST", "/api/v1/alerts", kAlice, "{\"version\":").status, 400);
    EXPECT_EQ(Send("POST", "/api/v1/alerts", "", kBody).status, 401);
    EXPECT_EQ(Send("PUT", "/api/v1/alerts", kAlice, kBody).status, 405);
    EXPECT_EQ(Send("POST", "/-/pause?reson=x", kAlice).status, 400);
    EXPECT_EQ(Send("POST", "/api/v1/incidents/none/false-alarm", kAlice).status, 404);
  }
  const auto response =
      support::RawHttpExchange(service_->port(), "POST /api/v1/alerts HTTP/1.1\r\nHost: t\r\n" +
                                                     std::string(kAlice) + huge + "\r\n");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 413);
  EXPECT_LE(log->lines - before, 1) << "a line that says how many were left out";
  EXPECT_TRUE(Counts(R"(healing_webhook_deliveries_total{result="invalid"} 20)"));
  EXPECT_TRUE(Counts(R"(healing_webhook_deliveries_total{result="unauthenticated"} 20)"));
  EXPECT_TRUE(Counts(R"(healing_webhook_orders_total{order="pause",result="invalid"} 20)"));
}

TEST_F(HealingServiceTest, ReadsCanBeProtectedTooExceptHealth) {
  options_.protect_reads = true;
  Start();
  for (const char* path :
       {"/", "/metrics", "/config", "/api/v1/incidents", "/api/v1/incidents/x"}) {
    EXPECT_EQ(Send("GET", path).status, 401) << path;
  }
  EXPECT_EQ(Send("GET", "/metrics", kAlice).status, 200);
  EXPECT_EQ(Send("GET", "/-/healthy").status, 200);
}

TEST_F(HealingServiceTest, WithoutUsersWritesAreOffUnlessSaidOtherwise) {
  options_.web_config_file = "";
  Start();
  EXPECT_EQ(Send("POST", "/api/v1/alerts", "", kBody).status, 401);
  service_.reset();
  options_.allow_unauthenticated = true;
  Start();
  EXPECT_EQ(Send("POST", "/api/v1/alerts", "", kBody).status, 200);
}

TEST_F(HealingServiceTest, ReloadsAllOrNothing) {
  options_.web_enable_lifecycle = true;
  Start();
  directory_.Write("healing.yml", "policies: [{name: a, mode: odd}]\n");
  const auto refused = Send("POST", "/-/reload", kAlice);
  EXPECT_EQ(refused.status, 500);
  EXPECT_THAT(refused.body, HasSubstr("healing.yml:1:28: mode: "));
  EXPECT_THAT(Send("GET", "/config").body, HasSubstr("name: crash"));
  EXPECT_THAT(Send("GET", "/metrics").body,
              HasSubstr("healing_webhook_config_last_reload_successful 0"));
  directory_.Write("healing.yml", "policies: [{name: new one}]\n");
  EXPECT_EQ(Send("POST", "/-/reload", kAlice).status, 200);
  EXPECT_THAT(Send("GET", "/config").body, HasSubstr("name: \"new one\""));
  EXPECT_THAT(Send("GET", "/metrics").body,
              HasSubstr("healing_webhook_config_last_reload_successful 1"));
  EXPECT_EQ(Send("POST", "/-/reload").status, 401);
  EXPECT_EQ(Send("GET", "/-/reload", kAlice).status, 405);
}

TEST_F(HealingServiceTest, TheLifecycleIsOffUnlessEnabled) {
  Start();
  EXPECT_EQ(Send("POST", "/-/reload", kAlice).status, 403);
  EXPECT_EQ(Send("POST", "/-/quit", kAlice).status, 403);
}

TEST_F(HealingServiceTest, MetricsAreCleanAndCountDeliveries) {
  Start();
  Send("POST", "/api/v1/alerts", "", kBody);
  Send("POST", "/api/v1/alerts", kAlice, "{}");
  Send("POST", "/api/v1/alerts", kAlice, kBody);
  EXPECT_TRUE(Counts(R"(healing_webhook_deliveries_total{result="accepted"} 1)"));
  EXPECT_TRUE(Counts(R"(healing_webhook_deliveries_total{result="unauthenticated"} 1)"));
  EXPECT_TRUE(Counts(R"(healing_webhook_deliveries_total{result="invalid"} 1)"));
  const std::string metrics = Send("GET", "/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("healing_webhook_build_info{"));
  EXPECT_THAT(metrics, HasSubstr("process_resident_memory_bytes"));
  const auto complaints = support::CheckMetrics(metrics);
  if (!complaints) GTEST_SKIP() << support::kNoPromtool;
  EXPECT_EQ(*complaints, "");
}

TEST_F(HealingServiceTest, ASecondHealerOnTheSameLedgerIsRefused) {
  Start();
  const auto second = HealingService::Start(options_, clock_, *logger_);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("one ledger belongs to one healer"));
}

TEST_F(HealingServiceTest, AWrongConfigurationSaysEverythingAtOnce) {
  directory_.Write("healing.yml", "polices: []\nbudgets: {actions_in_flight: -1}\n");
  const auto service = HealingService::Start(options_, clock_, *logger_);
  ASSERT_FALSE(service);
  EXPECT_THAT(service.error().message, HasSubstr("healing.yml:1:1: unknown key 'polices'"));
  EXPECT_THAT(service.error().message, HasSubstr("healing.yml:2:30: actions_in_flight"));
}

}  // namespace
}  // namespace promheal::healing
