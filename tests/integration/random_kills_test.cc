// The real program under load, killed with kill -9 two hundred times at random moments, also while
// it starts: every accepted alert is acted on once. Needs only our own binary.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "common/io/file.h"
#include "common/io/http/http_text.h"
#include "tests/support/fake_http_server.h"
#include "tests/support/running_healer.h"
#include "tests/support/stride.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

constexpr int kKills = 200 / support::kStride;
// In microseconds. Under sanitizers a start takes longer, too.
constexpr unsigned kLongestLife = 500'000 * support::kStride;
constexpr int kMostTries = 6000;  // A minute without a healer.

// An effect is one line, and so either there or not. @ is the test's directory.
constexpr char kConfig[] = R"(
prometheus: {timeout: 2s}
incidents: {collection_window: 0s}
budgets:
  actions_in_flight: 16
  actions_per_hour: 10000
  actions_per_hour_per_group: 10000
  storm: {incidents: 100000}
actions:
  restart:
    timeout: 1s
    command:
      argv: [sh, -c, 'sleep 0.02; echo "$1" >> @/effects', restart, "{service}"]
      observe:
        argv: [grep, -qxF, -e, "{service}", "@/effects"]
        tells_by: exit_status
policies:
  - name: crash
    mode: auto
    match: {scenario: crash}
    ladder: [{action: restart, attempts: 10, cooldown: 1h}]
    verify:
      settle: 0s
      interval: 100ms
      times: 1
      timeout: 30s
      conditions: [{query: 'up{service="{service}"}', expect: "== 1"}]
)";

std::string Alert(const std::string& service) {
  return fmt::format(
      R"({{"status":"firing","labels":{{"alertname":"Crash","service":"{}","scenario":"crash"}},)"
      R"("startsAt":"2026-01-01T00:00:00Z"}})",
      service);
}

class RandomKillsTest : public testing::Test {
 protected:
  // Whether it was accepted: as an Alertmanager, one tries again until it is.
  bool Post(const std::vector<std::string>& services) const {
    std::string alerts;
    for (const std::string& service : services) {
      alerts += (alerts.empty() ? "" : ",") + Alert(service);
    }
    return healer_.Deliver(alerts).status == 200;
  }

  // How often each service was restarted.
  std::map<std::string, int> Effects() const {
    std::map<std::string, int> effects;
    std::istringstream lines(ReadFile(directory_.PathOf("effects")).value_or(""));
    for (std::string service; std::getline(lines, service);) ++effects[service];
    return effects;
  }

  // Deliveries of one new alert and repeats of others, ten a second, until `stop`.
  void Load(int number, const std::atomic<bool>& stop) {
    std::mt19937 random(static_cast<unsigned>(number));
    std::vector<std::string> mine;
    while (!stop) {
      std::vector<std::string> services = {fmt::format("s{}-{}", number, mine.size())};
      mine.push_back(services[0]);
      for (int i = 0; i < 20; ++i) services.push_back(mine[random() % mine.size()]);
      for (int tries = 0; !Post(services); ++tries) {
        if (tries == kMostTries) {
          gave_up_ = true;
          return;
        }
        std::this_thread::sleep_for(10ms);
      }
      {
        const std::lock_guard lock(mutex_);
        accepted_.insert(services.begin(), services.end());
      }
      std::this_thread::sleep_for(200ms);
    }
  }

  // What "up{service=\"s1-2\"}" asks about is up once it was restarted.
  bool IsUp(const std::string& request) const {
    const std::string query = ParseQuery(request)["query"];
    const size_t begin = query.find('"') + 1;
    return Effects().contains(query.substr(begin, query.rfind('"') - begin));
  }

  support::TempDirectory directory_;
  support::FakeHttpServer prometheus_{[this](const support::FakeHttpRequest& request) {
    return support::ReplyWithValue(IsUp(request.body) ? "1" : "0");
  }};
  support::RunningHealer healer_{
      directory_,
      HEALING_WEBHOOK,
      kConfig,
      {"--web.allow-unauthenticated", "--log.level=warn", "--prometheus.url=" + prometheus_.url()}};
  std::mutex mutex_;
  std::set<std::string> accepted_;
  std::atomic<bool> gave_up_ = false;
};

TEST_F(RandomKillsTest, WhatIsAcceptedIsDoneOnceHoweverOftenTheHealerIsKilled) {
  std::mt19937 random(20261122);
  directory_.Write("effects", "");
  healer_.Start();
  std::atomic<bool> stop = false;
  std::thread first([&] { Load(1, stop); });
  std::thread second([&] { Load(2, stop); });
  for (int kill = 0; kill < kKills; ++kill) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % kLongestLife));
    healer_.Kill();
    healer_.Start();
  }
  stop = true;
  first.join();
  second.join();

  ASSERT_FALSE(gave_up_) << "nothing is accepted any more:\n" << healer_.Output();
  ASSERT_GT(accepted_.size(), static_cast<size_t>(kKills) / 2) << healer_.Output();
  EXPECT_TRUE(support::WaitUntil([&] { return Effects().size() >= accepted_.size(); }, 120s))
      << healer_.Output();
  // All of it once more, as from an Alertmanager that has lost its own notes.
  ASSERT_TRUE(Post({accepted_.begin(), accepted_.end()}));
  std::this_thread::sleep_for(2s);
  const std::map<std::string, int> effects = Effects();
  for (const std::string& service : accepted_) {
    const auto done = effects.find(service);
    EXPECT_TRUE(done != effects.end()) << service << " was accepted and lost";
    EXPECT_TRUE(done == effects.end() || done->second == 1)
        << service << " was restarted " << done->second << " times";
  }
  fmt::print("{} kills, {} services accepted, {} restarted\n", kKills, accepted_.size(),
             effects.size());
}

}  // namespace
}  // namespace promheal::healing
