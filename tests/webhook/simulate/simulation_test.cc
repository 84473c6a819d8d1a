#include "webhook/simulate/simulation.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"
#include "webhook/simulate/alert_history.h"
#include "webhook/simulate/answers.h"
#include "webhook/simulate/comparison.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::At;

// Orders is down from the start until `up_again`, whatever the healer does.
class RecordedCourse final : public PrometheusApi {
 public:
  explicit RecordedCourse(Time up_again) : up_again_(up_again) {}
  Result<QueryResult> Query(std::string_view query, Time time) override {
    ++asked;
    if (query.find("absent") != std::string_view::npos) return QueryResult{};
    return QueryResult{{{Labels(), time, time < up_again_ ? 0.0 : 1.0}}, {}};
  }
  Result<RangeQueryResult> QueryRange(std::string_view query, Time, Time, Duration) override {
    EXPECT_EQ(query, R"(ALERTS{alertstate="firing",healing="promheal"})");
    return RangeQueryResult{{history}, {}};
  }
  Series history;
  int asked = 0;

 private:
  Time up_again_;
};

constexpr char kPolicy[] = R"(
incidents: {collection_window: 2s}
actions:
  restart: {command: {argv: ["false", "{service}"]}}
  replace: {command: {argv: ["false", "{service}"]}}
policies:
  - name: crash
    mode: MODE
    match: {scenario: crash}
    ladder: [{action: ACTION, cooldown: 1m}]
    verify:
      settle: 4s
      interval: 2s
      times: 2
      timeout: 20s
      conditions: [{query: 'up{service="{service}"}', expect: "== 1"}]
)";

ConfigSnapshot ConfigWith(const std::string& mode, const std::string& action, bool as_auto = false,
                          const std::string& maintenance_from = "") {
  std::string text = kPolicy;
  if (!maintenance_from.empty()) {
    text +=
        "maintenance: [{name: night, time_intervals: [{times: [{start_time: " + maintenance_from +
        ", end_time: 03:00}]}]}]\n";
  }
  text.replace(text.find("MODE"), 4, mode);
  text.replace(text.find("ACTION"), 6, action);
  static const SystemClock kClock;
  auto config =
      ParseConfig("healing.yml", text, kClock,
                  {.adjust = [&](HealingConfig& one) { PrepareForSimulation(one, as_auto); }});
  EXPECT_TRUE(config) << config.error().message;
  return *config;
}

std::vector<RecordedDelivery> Crash() {
  const AlertNotice firing = samples::Firing("Crash", "orders", "crash");
  return {{At(0), {.alerts = {firing}}}, {At(45), {.alerts = {samples::Resolved(firing, 44)}}}};
}

TEST(SimulationTest, TakesTheActionsOfThePolicyAndDoesNothing) {
  RecordedCourse course(At(12));
  const auto result = Simulate(ConfigWith("auto", "restart"), Crash(), course, 30min);
  EXPECT_EQ(result.actions, (std::map<std::string, size_t>{{"restart", 1}}));
  EXPECT_EQ(result.outcomes, (std::map<std::string, size_t>{{"healed", 1}}));
  ASSERT_FALSE(result.events.empty());
  EXPECT_EQ(result.events.front().reason, "first_rung");
  EXPECT_EQ(result.events.back().what, "closed");
  EXPECT_EQ(result.events.back().target, "orders");
}

TEST(SimulationTest, TheRecordedCourseStandsWhateverIsDone) {
  RecordedCourse course(At(600));
  const auto result = Simulate(ConfigWith("auto", "restart"), Crash(), course, 30min);
  EXPECT_EQ(result.outcomes, (std::map<std::string, size_t>{{"escalated", 1}}))
      << "nothing got better by the restart, because nothing was restarted";
}

TEST(SimulationTest, ShadowOnlyShowsUnlessItIsToldToAct) {
  RecordedCourse course(At(12));
  const auto shadow = Simulate(ConfigWith("shadow", "restart"), Crash(), course, 30min);
  EXPECT_TRUE(shadow.actions.empty());
  EXPECT_EQ(shadow.withheld, (std::map<std::string, size_t>{{"restart", 1}}));
  const auto as_auto = Simulate(ConfigWith("shadow", "restart", true), Crash(), course, 30min);
  EXPECT_EQ(as_auto.actions, (std::map<std::string, size_t>{{"restart", 1}}));
}

TEST(SimulationTest, MaintenanceWindowsAreThoseOfTheTimeOfTheRecord) {
  RecordedCourse course(At(600));
  auto deliveries = Crash();
  deliveries.pop_back();
  const auto result =
      Simulate(ConfigWith("auto", "restart", false, "02:00"), deliveries, course, 1min);
  EXPECT_EQ(result.actions, (std::map<std::string, size_t>{{"restart", 1}}));
  const auto held =
      Simulate(ConfigWith("auto", "restart", false, "00:00"), deliveries, course, 5min);
  EXPECT_TRUE(held.actions.empty());
  ASSERT_FALSE(held.events.empty());
  EXPECT_EQ(held.events.front().reason, "maintenance");
}

TEST(SimulationTest, AnIncidentThatIsNotOverIsOpen) {
  RecordedCourse course(At(6000));
  auto deliveries = Crash();
  deliveries.pop_back();
  const auto result = Simulate(ConfigWith("shadow", "restart"), deliveries, course, 1min);
  EXPECT_EQ(result.outcomes, (std::map<std::string, size_t>{{"open", 1}}));
}

TEST(SimulationTest, IsTheSameEachTime) {
  RecordedCourse course(At(12));
  const auto text = [&] {
    const auto config = ConfigWith("auto", "restart");
    return ComparisonText({{"a.yml", Simulate(config, Crash(), course, 30min)}}, {});
  };
  EXPECT_EQ(text(), text());
}

TEST(ComparisonTest, ShowsWhereTwoPoliciesDiffer) {
  RecordedCourse course(At(12));
  const std::vector<SimulatedPolicy> policies = {
      {"old.yml", Simulate(ConfigWith("auto", "restart"), Crash(), course, 30min)},
      {"new.yml", Simulate(ConfigWith("auto", "replace"), Crash(), course, 30min)}};
  const auto rows = Compare(policies);
  ASSERT_FALSE(rows.empty());
  EXPECT_EQ(rows.front().standing,
            (std::vector<std::string>{"heal restart (first_rung)", "heal replace (first_rung)"}));
  EXPECT_TRUE(rows.front().differ);
  EXPECT_FALSE(rows.back().differ) << "both end as healed";
  const std::string text = ComparisonText(policies, {.deliveries = 2});
  for (const char* part : {"old.yml", "restart 1", "replace 1", "1 of 2 decisions differ",
                           "healed 1", "so the recorded course stands"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_NE(ComparisonJson(policies, {}).find("\"disagreements\": 1"), std::string::npos);
}

TEST(ComparisonTest, TheSamePolicyDiffersNowhere) {
  RecordedCourse course(At(12));
  const auto result = Simulate(ConfigWith("auto", "restart"), Crash(), course, 30min);
  for (const auto& row : Compare({{"a", result}, {"b", result}})) {
    EXPECT_FALSE(row.differ);
    EXPECT_EQ(row.standing[0], row.standing[1]);
  }
}

TEST(AlertHistoryTest, EachStretchOfSamplesIsAnAlertThatFiresAndIsResolved) {
  RecordedCourse course(At(0));
  course.history.labels = Labels{{"__name__", "ALERTS"},
                                 {"alertstate", "firing"},
                                 {"alertname", "Crash"},
                                 {"service", "orders"}};
  for (const int second : {0, 15, 30, 120, 135}) course.history.points.push_back({At(second), 1});
  const auto deliveries = AlertHistory(course, At(0), At(140));
  ASSERT_TRUE(deliveries);
  std::string told;
  for (const auto& one : *deliveries) {
    const AlertNotice& alert = one.delivery.alerts.at(0);
    told += std::string(ToString(alert.status)) + "@" + std::to_string((one.at - At(0)) / 1s) + " ";
    EXPECT_EQ(alert.labels, (Labels{{"alertname", "Crash"}, {"service", "orders"}}));
  }
  EXPECT_EQ(told, "firing@0 resolved@45 firing@120 ") << "the last one may still fire";
}

}  // namespace
}  // namespace promheal::healing
