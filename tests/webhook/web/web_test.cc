#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/io/http/http_server.h"
#include "tests/support/null_logger.h"
#include "tests/support/raw_http_client.h"
#include "tests/webhook/core/samples.h"
#include "webhook/web/alert_endpoint.h"
#include "webhook/web/incident_endpoint.h"
#include "webhook/web/landing_page.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr char kBody[] =
    R"({"version":"4","alerts":[{"status":"firing","labels":{"service":"orders"},
        "startsAt":"2026-01-01T00:00:00Z"}]})";

// The real server and endpoint, with the test as the worker.
class AlertEndpointTest : public testing::Test {
 protected:
  AlertEndpointTest() {
    HttpServerOptions options;
    options.listen_address = "127.0.0.1:0";
    options.max_body_bytes = 10000;
    options.observer = [this](const HttpExchange& e) { CountDelivery(metrics_, e); };
    server_ = std::move(*HttpServer::Start(
        std::move(options), {AlertRoute({inbox_, metrics_, *logger_, access_, 200ms})}, *logger_));
  }
  support::RawHttpResponse Post(const std::string& body, const std::string& path = "/api/v1/alerts",
                                const std::string& method = "POST") {
    const auto response = support::RawHttpExchange(
        server_->port(), method + " " + path + " HTTP/1.1\r\nHost: t\r\nContent-Length: " +
                             std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_TRUE(response);
    return response.value_or(support::RawHttpResponse{});
  }
  // Answers one delivery as the worker would.
  std::thread Worker(Status status) {
    return std::thread([this, status] {
      Inbox::Batch batch;
      while (batch.waiting.empty()) batch = inbox_.Pop(1s);
      batch.waiting[0].set_value(status);
    });
  }

  std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  std::atomic<WriteAccess> access_ = WriteAccess::kOpen;
  HealingMetrics metrics_;
  Inbox inbox_{1};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(AlertEndpointTest, AnswersOnlyWhenTheDeliveryIsDurable) {
  std::thread worker = Worker({});
  const auto response = Post(kBody);
  worker.join();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{\"accepted\":1}\n");
}

TEST_F(AlertEndpointTest, ALedgerThatCannotBeWrittenIs503SoThatItIsSentAgain) {
  std::thread worker = Worker(Fail(ErrorCode::kUnavailable, "disk full"));
  const auto response = Post(kBody);
  worker.join();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "disk full\n");
}

TEST_F(AlertEndpointTest, AFullQueueAndAWorkerThatDoesNotAnswerAre503) {
  EXPECT_EQ(Post(kBody).status, 503) << "no worker confirmed it";
  const auto response = Post(kBody);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "the queue is full\n");
}

TEST_F(AlertEndpointTest, ABadPayloadIs400WithTheReason) {
  const auto response = Post(R"({"version":"4","alerts":[{"status":"odd"}]})");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.body, "alerts[0].status: expected firing or resolved, got 'odd'\n");
  EXPECT_EQ(inbox_.depth(), 0U);
}

TEST_F(AlertEndpointTest, WithoutCredentialsConfiguredNobodyMayWrite) {
  access_ = WriteAccess::kClosed;
  const auto response = Post(kBody);
  EXPECT_EQ(response.status, 401);
  EXPECT_THAT(response.headers.at("www-authenticate"), HasSubstr("Basic"));
  EXPECT_THAT(response.body, HasSubstr("basic_auth_users"));
  EXPECT_EQ(inbox_.depth(), 0U);
}

TEST_F(AlertEndpointTest, OtherMethodsPathsAndSizesAreRefused) {
  EXPECT_EQ(Post("", "/api/v1/alerts", "GET").status, 405);
  EXPECT_EQ(Post(kBody, "/api/v1/alerts", "PUT").status, 405);
  EXPECT_EQ(Post(kBody, "/api/v1/alerts/x").status, 404);
  EXPECT_EQ(Post(std::string(10001, ' ')).status, 413);
  EXPECT_EQ(inbox_.depth(), 0U);
}

Incident Hostile() {
  AlertNotice notice = samples::Firing("<b>", "<script>alert(1)</script>", "crash");
  notice.annotations["summary"] = "\"><img src=x onerror=alert(1)>";
  Incident incident = OpenIncident(Labels{{"service", "<script>alert(1)</script>"}},
                                   samples::RecordOf(notice), samples::At(0));
  incident.last_decision = Decision{.reason = DecisionReason::kCooldown,
                                    .text = "did nothing yet, because of <i>cooldown</i>"};
  incident.overrides.push_back({.action = "<b>throttle",
                                .held = {.percent = 40},
                                .phase = HoldPhase::kInForce,
                                .since = samples::At(10)});
  return incident;
}

TEST(LandingPageTest, SaysWhyAndEscapesEverythingThatIsNotOurs) {
  HealingSnapshot snapshot;
  snapshot.open.push_back(std::make_shared<const Incident>(Hostile()));
  snapshot.frozen.push_back({Labels{{"service", "<x>"}}, samples::At(90), "ladder_exhausted"});
  snapshot.orphans.push_back({{}, "/run/a.sock", "<b>auth</b>", "40%"});
  HealingConfig config;
  config.policies = samples::Policies();
  const std::string page = LandingPage(snapshot, config, "disk <full>", samples::At(30));
  EXPECT_THAT(page, HasSubstr("did nothing yet, because of &lt;i&gt;cooldown&lt;/i&gt;"));
  EXPECT_THAT(page, HasSubstr("30.0s ago"));
  EXPECT_THAT(page, HasSubstr("disk &lt;full&gt;"));
  EXPECT_THAT(page, HasSubstr("throttle → scale_out → restart"));
  EXPECT_THAT(page, HasSubstr("for another 1m"));
  EXPECT_THAT(page, HasSubstr("in force: <strong>&lt;b&gt;throttle 40%</strong> since 20.0s"));
  EXPECT_THAT(page, HasSubstr("&lt;b&gt;auth&lt;/b&gt;"));
  for (const char* raw : {"<script", "<img", "<i>", "<b>", "<x>", "<full>"}) {
    EXPECT_THAT(page, Not(HasSubstr(raw)));
  }
}

TEST(LandingPageTest, ShowsOpenMaintenanceWindowsOnly) {
  HealingConfig config;
  config.policies.maintenance = {samples::Deploys(0, 60, {{"service", "<b>orders"}})};
  const std::string page = LandingPage({}, config, "", samples::At(30));
  EXPECT_THAT(page, HasSubstr("<td>deploys</td><td>service: &lt;b&gt;orders</td>"
                              "<td>until 2026-01-01T00:01:00.000Z</td>"));
  EXPECT_THAT(LandingPage({}, config, "", samples::At(60)), Not(HasSubstr("deploys")));
}

class IncidentEndpointTest : public testing::Test {
 protected:
  IncidentEndpointTest() {
    published_.Publish(
        {.from_scratch = true,
         .open = {{"open/1", std::make_shared<const Incident>(Incident{.id = "open-1"})}},
         .closed = {std::make_shared<const Incident>(Incident{.id = "closed-1"})}});
    server_ = std::move(*HttpServer::Start({.listen_address = "127.0.0.1:0"},
                                           IncidentRoutes(published_), *logger_));
  }
  support::RawHttpResponse Get(const std::string& path) {
    return support::RawHttpGet(server_->port(), path).value_or(support::RawHttpResponse{});
  }
  std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  PublishedSnapshot published_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(IncidentEndpointTest, ListsOpenOnesFirst) {
  const std::string all = Get("/api/v1/incidents").body;
  EXPECT_LT(all.find("open-1"), all.find("closed-1"));
  EXPECT_THAT(Get("/api/v1/incidents?state=open").body, Not(HasSubstr("closed-1")));
  EXPECT_THAT(Get("/api/v1/incidents?state=closed").body, Not(HasSubstr("open-1")));
  EXPECT_EQ(Get("/api/v1/incidents?state=odd").status, 400);
}

TEST_F(IncidentEndpointTest, ShowsOneByItsId) {
  EXPECT_THAT(Get("/api/v1/incidents/closed-1").body, HasSubstr("\"id\":\"closed-1\""));
  EXPECT_EQ(Get("/api/v1/incidents/none").status, 404);
}

}  // namespace
}  // namespace promheal::healing
