// The real program, killed with kill -9 between an intent and its outcome and started again, with a
// command that counts how often it ran. Needs nothing but our own binary.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "common/io/file.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/running_healer.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

// The command says that it began, takes its time, and says that it ended. @ is the test's
// directory.
constexpr char kConfig[] = R"(
prometheus: {timeout: 2s}
incidents: {collection_window: 0s}
actions:
  restart:
    timeout: 6s
    command:
      argv: [sh, -c, "echo began >> @/runs; sleep $1; touch @/up", restart, "{delay}"]
      observe:
        argv: [sh, -c, "test -e @/up", observe]
        tells_by: exit_status
policies:
  - name: crash
    mode: auto
    match: {scenario: crash}
    ladder: [{action: restart, attempts: 3, cooldown: 1s}]
    verify:
      settle: 0s
      interval: 100ms
      times: 2
      timeout: 20s
      conditions: [{query: 'up{service="{service}"}', expect: "== 1"}]
)";

class KilledHealerTest : public testing::Test {
 protected:
  void Start() { ASSERT_TRUE(healer_.StartReady()) << healer_.Output(); }

  // A crash of orders, whose restart takes `delay` seconds.
  void Alert(const std::string& delay) const {
    const auto response = healer_.Deliver(
        fmt::format(R"({{"status":"firing","labels":{{"alertname":"Crash","service":"orders",)"
                    R"("scenario":"crash","delay":"{}"}},"startsAt":"2026-01-01T00:00:00Z"}})",
                    delay));
    ASSERT_EQ(response.status, 200) << response.body;
  }

  std::string Incidents() const { return healer_.Get("/api/v1/incidents").body; }
  bool IncidentsSay(const std::string& text) const {
    return Incidents().find(text) != std::string::npos;
  }
  int64_t Runs() const {
    const auto runs = ReadFile(directory_.PathOf("runs"));
    return runs ? std::count(runs->begin(), runs->end(), '\n') : 0;
  }
  bool IsUp() const { return ReadFile(directory_.PathOf("up")).has_value(); }

  support::TempDirectory directory_;
  support::FakeHttpServer prometheus_{[this](const support::FakeHttpRequest&) {
    return support::ReplyWithValue(IsUp() ? "1" : "0");
  }};
  support::RunningHealer healer_{
      directory_,
      HEALING_WEBHOOK,
      kConfig,
      {"--web.allow-unauthenticated", "--prometheus.url=" + prometheus_.url()}};
};

TEST_F(KilledHealerTest, KilledWhileItsCommandRunsItObservesAndDoesNotRestartAgain) {
  Start();
  Alert("2");
  ASSERT_TRUE(support::WaitUntil([&] { return Runs() == 1; }, 20s)) << healer_.Output();
  healer_.Kill();
  ASSERT_FALSE(IsUp()) << "killed before the outcome";
  Start();
  EXPECT_TRUE(support::WaitUntil([&] { return IncidentsSay("\"verdict\":\"healed\""); }, 30s))
      << Incidents();
  EXPECT_TRUE(IncidentsSay("the healer was restarted meanwhile")) << Incidents();
  EXPECT_EQ(Runs(), 1);
}

TEST_F(KilledHealerTest, KilledAfterTheOutcomeButBeforeItWasVerifiedItOnlyVerifies) {
  Start();
  Alert("0");
  ASSERT_TRUE(support::WaitUntil([&] { return IsUp(); }, 20s)) << healer_.Output();
  healer_.Kill();
  Start();
  EXPECT_TRUE(support::WaitUntil([&] { return IncidentsSay("\"verdict\":\"healed\""); }, 30s))
      << Incidents();
  EXPECT_EQ(Runs(), 1);
}

// Also where the command died with its healer: then it is observed not to have happened, but only
// after the time has passed in which it could still have been running, and it is tried again.
TEST_F(KilledHealerTest, ACommandThatNeverTookEffectIsTriedAgain) {
  Start();
  Alert("60");  // Longer than its timeout: its own healer would have killed it.
  ASSERT_TRUE(support::WaitUntil([&] { return Runs() == 1; }, 20s)) << healer_.Output();
  healer_.Kill();
  Start();
  EXPECT_TRUE(support::WaitUntil([&] { return Runs() == 2; }, 30s)) << Incidents();
  EXPECT_TRUE(IncidentsSay("\"state\":\"not_happened\"")) << Incidents();
}

TEST_F(KilledHealerTest, WhatWasAcceptedIsStillThereAndSentAgainChangesNothing) {
  Start();
  Alert("0");
  healer_.Kill();  // Right after the 200.
  Start();
  EXPECT_TRUE(IncidentsSay("\"alert\":\"Crash\"")) << Incidents();
  Alert("0");
  EXPECT_TRUE(support::WaitUntil([&] { return IncidentsSay("\"verdict\":\"healed\""); }, 30s))
      << Incidents();
  EXPECT_EQ(Runs(), 1);
}

}  // namespace
}  // namespace promheal::healing
