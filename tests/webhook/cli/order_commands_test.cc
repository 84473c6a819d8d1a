// People's orders: the real program as its own client, against the real program as a server.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/child_process.h"
#include "tests/support/free_port.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/temp_directory.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr char kUsers[] =
    "basic_auth_users: {alice: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW}\n";

struct Done {
  int status;
  std::string output;
};

class OrderCommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_.Write("healing.yml", "incidents: {collection_window: 0s}\n");
    directory_.Write("web.yml", kUsers);
    directory_.Write("alice.yml", "basic_auth: {username: alice, password: secret}\n");
    Start();
  }
  void Start() {
    healer_ = std::make_unique<support::ChildProcess>(support::ChildProcessOptions{
        .argv = {HEALING_WEBHOOK, "--config.file", directory_.PathOf("healing.yml"),
                 "--storage.path", directory_.PathOf("data"), "--web.config.file",
                 directory_.PathOf("web.yml"), "--web.listen-address",
                 fmt::format("127.0.0.1:{}", port_)}});
    const auto listens = [&] { return Get("/-/ready").find("is ready") != std::string::npos; };
    ASSERT_TRUE(support::WaitUntil(listens, 30s)) << healer_->Output();
  }
  std::string Get(const std::string& path) const {
    try {
      return support::RawHttpGet(port_, path).value_or(support::RawHttpResponse{}).body;
    } catch (const std::exception&) {
      return "";
    }
  }
  void Alert() const {
    const std::string body =
        R"({"version":"4","alerts":[{"status":"firing","labels":{"alertname":"Crash",)"
        R"("service":"orders","scenario":"crash"},"startsAt":"2026-01-01T00:00:00Z"}]})";
    const auto response = support::RawHttpExchange(
        port_, fmt::format("POST /api/v1/alerts HTTP/1.1\r\nHost: t\r\nAuthorization: Basic "
                           "YWxpY2U6c2VjcmV0\r\nContent-Length: {}\r\n\r\n{}",
                           body.size(), body));
    ASSERT_TRUE(response);
    ASSERT_EQ(response->status, 200) << response->body;
  }
  Done Run(std::vector<std::string> arguments, bool as_alice = true) const {
    arguments.insert(arguments.begin(), HEALING_WEBHOOK);
    arguments.push_back(fmt::format("--webhook.url=http://127.0.0.1:{}/", port_));
    if (as_alice) arguments.push_back("--http.config.file=" + directory_.PathOf("alice.yml"));
    support::ChildProcess process({.argv = std::move(arguments)});
    const auto status = process.Wait(20s);
    return {status.value_or(-1), process.Output()};
  }

  support::TempDirectory directory_;
  const uint16_t port_ = support::FreePort();
  std::unique_ptr<support::ChildProcess> healer_;
};

TEST_F(OrderCommandsTest, APauseSaysWhoAndWhyAndOutlivesTheHealer) {
  const Done done = Run({"pause", "--reason=release & <day>"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("paused: nothing is started"));
  EXPECT_THAT(Get("/api/v1/control"),
              MatchesRegex(R"(.*"paused":\{"by":"alice","since":".*","why":"release & <day>".*)"));
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_paused 1"));
  const std::string page = Get("/");
  EXPECT_THAT(page, HasSubstr("PAUSED"));
  EXPECT_THAT(page, HasSubstr("By alice"));
  EXPECT_THAT(page, HasSubstr("release &amp; &lt;day&gt;"));
  healer_.reset();
  Start();
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_paused 1"));
  EXPECT_THAT(Run({"resume"}).output, HasSubstr("paused by alice"));
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_paused 0"));
}

TEST_F(OrderCommandsTest, WithoutCredentialsNothingIsOrdered) {
  const Done done = Run({"pause"}, false);
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.output, HasSubstr("401"));
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_paused 0"));
}

TEST_F(OrderCommandsTest, FreezesAndUnfreezesATarget) {
  EXPECT_THAT(Run({"freeze", "--target=service=orders", "--duration=2h"}).output,
              HasSubstr("orders is frozen for 2h"));
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_target_frozen{service=\"orders\"} 1"));
  EXPECT_EQ(Run({"unfreeze", "--target=service=orders"}).output, "orders is not frozen any more\n");
  EXPECT_EQ(Run({"unfreeze", "--target=service=orders"}).output, "orders is not frozen\n");
}

TEST_F(OrderCommandsTest, SaysWhatIsWrongWithAnOrder) {
  const Done nowhere = Run({"freeze", "--target=cluster=eu"});
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.output, HasSubstr("target: the label 'service' is missing"));
  EXPECT_THAT(Run({"release"}).output, HasSubstr("expected one of: target, incident, all=true"));
  EXPECT_THAT(Run({"false-alarm"}).output, HasSubstr("which incident?"));
  EXPECT_THAT(Run({"false-alarm", "orders-1"}).output, HasSubstr("no such incident"));
}

TEST_F(OrderCommandsTest, ReleasesNothingWhereNothingIsHeld) {
  const Done done = Run({"release", "--all", "--json"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr(R"({"changed":false,"incidents":[])"));
}

TEST_F(OrderCommandsTest, MarksAFalseAlarm) {
  Alert();
  const std::string list = Get("/api/v1/incidents");
  const size_t start = list.find("\"id\":\"") + 6;
  const std::string id = list.substr(start, list.find('"', start) - start);
  const Done done = Run({"false-alarm", id, "--reason=load test"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr(id));
  EXPECT_THAT(Get("/api/v1/incidents/" + id), HasSubstr(R"("false_alarm":{"at":)"));
  EXPECT_THAT(Get("/metrics"),
              HasSubstr(R"(healing_false_alarms_total{scenario="crash",service="orders"} 1)"));
}

}  // namespace
}  // namespace promheal::healing
