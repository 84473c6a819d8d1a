// People's orders: the real program as its own client, against the real program as a server.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/running_healer.h"
#include "tests/support/temp_directory.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;

constexpr char kUsers[] =
    "basic_auth_users: {alice: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW}\n";

class OrderCommandsTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_.Write("web.yml", kUsers);
    directory_.Write("alice.yml", "basic_auth: {username: alice, password: secret}\n");
    ASSERT_TRUE(healer_.StartReady()) << healer_.Output();
  }
  std::string Get(const std::string& path) const { return healer_.Get(path).body; }
  void Alert() const {
    const auto response =
        healer_.Deliver(R"({"status":"firing","labels":{"alertname":"Crash","service":"orders",)"
                        R"("scenario":"crash"},"startsAt":"2026-01-01T00:00:00Z"})",
                        "Authorization: Basic YWxpY2U6c2VjcmV0\r\n");
    ASSERT_EQ(response.status, 200) << response.body;
  }
  support::Finished Run(std::vector<std::string> arguments, bool as_alice = true) const {
    arguments.insert(arguments.begin(), HEALING_WEBHOOK);
    arguments.push_back("--webhook.url=" + healer_.url());
    if (as_alice) arguments.push_back("--http.config.file=" + directory_.PathOf("alice.yml"));
    return support::RunToEnd(std::move(arguments));
  }

  support::TempDirectory directory_;
  support::RunningHealer healer_{directory_,
                                 HEALING_WEBHOOK,
                                 "incidents: {collection_window: 0s}\n",
                                 {"--web.config.file=@/web.yml"}};
};

TEST_F(OrderCommandsTest, APauseSaysWhoAndWhyAndOutlivesTheHealer) {
  const support::Finished done = Run({"pause", "--reason=release & <day>"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr("paused: nothing is started"));
  EXPECT_THAT(Get("/api/v1/control"),
              MatchesRegex(R"(.*"paused":\{"by":"alice","since":".*","why":"release & <day>".*)"));
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_paused 1"));
  const std::string page = Get("/");
  EXPECT_THAT(page, HasSubstr("PAUSED"));
  EXPECT_THAT(page, HasSubstr("By alice"));
  EXPECT_THAT(page, HasSubstr("release &amp; &lt;day&gt;"));
  healer_.Stop();
  ASSERT_TRUE(healer_.StartReady()) << healer_.Output();
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_paused 1"));
  EXPECT_THAT(Run({"resume"}).output, HasSubstr("paused by alice"));
  EXPECT_THAT(Get("/metrics"), HasSubstr("healing_paused 0"));
}

TEST_F(OrderCommandsTest, WithoutCredentialsNothingIsOrdered) {
  const support::Finished done = Run({"pause"}, false);
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
  const support::Finished nowhere = Run({"freeze", "--target=cluster=eu"});
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.output, HasSubstr("target: the label 'service' is missing"));
  EXPECT_THAT(Run({"release"}).output, HasSubstr("expected one of: target, incident, all=true"));
  EXPECT_THAT(Run({"false-alarm"}).output, HasSubstr("which incident?"));
  EXPECT_THAT(Run({"false-alarm", "orders-1"}).output, HasSubstr("no such incident"));
}

TEST_F(OrderCommandsTest, ReleasesNothingWhereNothingIsHeld) {
  const support::Finished done = Run({"release", "--all", "--json"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr(R"({"changed":false,"incidents":[])"));
}

TEST_F(OrderCommandsTest, MarksAFalseAlarm) {
  Alert();
  const std::string list = Get("/api/v1/incidents");
  const size_t start = list.find("\"id\":\"") + 6;
  const std::string id = list.substr(start, list.find('"', start) - start);
  const support::Finished done = Run({"false-alarm", id, "--reason=load test"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_THAT(done.output, HasSubstr(id));
  EXPECT_THAT(Get("/api/v1/incidents/" + id), HasSubstr(R"("false_alarm":{"at":)"));
  EXPECT_THAT(Get("/metrics"),
              HasSubstr(R"(healing_false_alarms_total{scenario="crash",service="orders"} 1)"));
}

}  // namespace
}  // namespace promheal::healing
