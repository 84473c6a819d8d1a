#include "webhook/config/config.h"

#include <gtest/gtest.h>

#include "common/io/file.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

const SystemClock kClock;

constexpr char kGood[] = R"(
prometheus:
  url: http://prometheus:9090/prom
  basic_auth: {username: promheal, password: hunter2}
targets:
  labels: [cluster, service]
  protected:
    - {service: "db*", tier: critical}
alerts: {expire_after: 6h, reorder_tolerance: 30s}
incidents: {collection_window: 2s, unconfirmed_after: 10m, retention: 30d}
scenarios: [crash, slow]
budgets:
  actions_in_flight: 3
  actions_in_flight_per_service: 2
  service_label: cluster
  actions_per_hour: 30
  actions_per_hour_per_group: 5
  group_label: cluster
  storm: {incidents: 7, window: 2m, calm: 20m}
actions:
  restart:
    timeout: 20s
    command:
      argv: [systemctl, restart, "{service}.service"]
      environment: {SECRET: hunter3}
      observe: {argv: [systemctl, show, "{service}.service"], tells_by: start_time, timeout: 3s}
  throttle:
    command: {argv: [throttle, "{service}"]}
policies:
  - name: crash
    match: {scenario: crash, severity: critical}
    mode: auto
    wait_for_platform: 15s
    escalate_after: 5m
    freeze: 2h
    verify:
      settle: 10s
      interval: 5s
      times: 3
      timeout: 1m
      conditions:
        - {name: slots up, query: 'up{service="{service}"}', expect: "== 1"}
    ladder:
      - {action: throttle}
      - action: restart
        attempts: 2
        cooldown: 10m
        cooldown_factor: 1.5
        cooldown_max: 2h
        requires:
          - {query: 'spare{service="{service}"}', expect: "> 0"}
        min_healthy: {query: 'avg(up{service="{service}"})', at_least: 50%}
        verify: {settle: 30s}
  - name: rest
)";

TEST(ConfigTest, ReadsEverythingItDocuments) {
  const auto config = ParseConfig("healing.yml", kGood, kClock);
  ASSERT_TRUE(config) << config.error().message;
  const HealingConfig& c = **config;
  EXPECT_EQ(c.prometheus.url, "http://prometheus:9090/prom");
  EXPECT_EQ(c.target_labels, (std::vector<std::string>{"cluster", "service"}));
  EXPECT_EQ(c.alert_expires_after, 6h);
  EXPECT_EQ(c.reorder_tolerance, 30s);
  EXPECT_EQ(c.retention, 720h);
  EXPECT_EQ(c.policies.collection_window, 2s);
  EXPECT_EQ(c.policies.unconfirmed_after, 10min);
  EXPECT_EQ(c.policies.scenarios, (ScenarioPrecedence{"crash", "slow"}));
  EXPECT_EQ(c.policies.budgets.in_flight, 3);
  EXPECT_EQ(c.policies.budgets.in_flight_per_service, 2);
  EXPECT_EQ(c.policies.budgets.service_label, "cluster");
  EXPECT_EQ(c.policies.budgets.per_hour, 30);
  EXPECT_EQ(c.policies.budgets.per_hour_per_group, 5);
  EXPECT_EQ(c.policies.budgets.group_label, "cluster");
  EXPECT_EQ(c.policies.budgets.storm.incidents, 7);
  EXPECT_EQ(c.policies.budgets.storm.window, 2min);
  EXPECT_EQ(c.policies.budgets.storm.calm, 20min);
  EXPECT_EQ(c.policies.action_timeouts.at("restart"), 20s);
  EXPECT_EQ(c.policies.action_timeouts.at("throttle"), 30s);
  EXPECT_EQ(c.executors.at("restart")->description(),
            "command: systemctl restart {service}.service");
  EXPECT_TRUE(IsProtected(c.policies, Labels{{"service", "db1"}, {"tier", "critical"}}));
  EXPECT_FALSE(IsProtected(c.policies, Labels{{"service", "db1"}}));
  EXPECT_TRUE(IsProtected(c.policies, Labels{{"service", "prometheus"}})) << "always";
  ASSERT_EQ(c.policies.policies.size(), 2U);
  const Policy& policy = c.policies.policies[0];
  EXPECT_EQ(policy.match,
            (std::vector<LabelMatch>{{"scenario", "crash"}, {"severity", "critical"}}));
  EXPECT_EQ(policy.mode, Mode::kAuto);
  EXPECT_EQ(policy.wait_for_platform, 15s);
  EXPECT_EQ(policy.escalate_after, 5min);
  EXPECT_EQ(policy.freeze, 2h);
  EXPECT_EQ(policy.verify.times, 3);
  EXPECT_EQ(policy.verify.conditions[0].name, "slots up");
  ASSERT_EQ(policy.ladder.size(), 2U);
  EXPECT_EQ(policy.ladder[1].attempts, 2);
  EXPECT_EQ(policy.ladder[1].cooldown, 10min);
  EXPECT_EQ(policy.ladder[1].cooldown_factor, 1.5);
  EXPECT_EQ(policy.ladder[1].cooldown_max, 2h);
  EXPECT_EQ(policy.ladder[1].required.at(0).query.text(), "spare{service=\"{service}\"}");
  EXPECT_EQ(ToString(policy.ladder[1].min_healthy->expect), ">= 0.5");
  EXPECT_EQ(policy.ladder[1].verify->settle, 30s) << "the rung's own value";
  EXPECT_EQ(policy.ladder[1].verify->times, 3) << "what it leaves to the policy";
  EXPECT_EQ(c.policies.policies[1].mode, Mode::kShadow) << "unless said otherwise";
  EXPECT_EQ(Summary(c), "2 policies (1 auto, 1 shadow), 2 actions");
}

TEST(ConfigTest, FlagsComeBeforeTheFile) {
  const auto config = ParseConfig("healing.yml", kGood, kClock, {.prometheus_url = "http://other"});
  EXPECT_EQ((*config)->prometheus.url, "http://other");
}

TEST(ConfigTest, WithoutPoliciesNothingIsHealedAndThatIsRight) {
  const auto config = ParseConfig("healing.yml", "policies: []", kClock);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(Summary(**config), "0 policies (nothing will be healed), 0 actions");
}

TEST(ConfigTest, SaysEverythingThatIsWrongAtOnce) {
  const auto config = ParseConfig("healing.yml", R"(budgets: {actions_in_flight: 0}
targets: {labels: [a-b]}
actions:
  restart: {command: {argv: []}}
  reboot: {timeout: soon}
  both: {comand: {argv: [a]}}
policies:
  - name: a
    mode: automatic
    ladder: [{action: restrat}]
  - name: a
    verify: {times: 10, interval: 10s, timeout: 1m, conditions: [{query: "up{a={x}}", expect: ~1}]}
    ladder: [{action: restart, attempts: 99}]
)",
                                  kClock);
  ASSERT_FALSE(config);
  const std::string& text = config.error().message;
  for (const char* line : {
           "healing.yml:1:30: actions_in_flight: ",
           "healing.yml:2:19: labels: 'a-b' is not a label name",
           "healing.yml:4:29: argv: expected the program and its arguments",
           "healing.yml:5:21: timeout: ",
           "healing.yml:5:11: reboot: expected one of: command, haproxy",
           "unknown key 'comand' (did you mean 'command'?)",
           "healing.yml:9:11: mode: ",
           "healing.yml:10:23: action: there is no action 'restrat': expected one of: both, "
           "reboot, "
           "restart",
           "verify: a policy with a ladder needs conditions",
           "healing.yml:11:11: name: there is a policy 'a' already",
           "policy 'a' is never reached: 'a' before it matches every alert",
           "healing.yml:12:49: timeout: too short to be asked 10 times, every interval",
           "healing.yml:12:74: query: {x} does not stand between quotes in 'up{a={x}}'",
           "is not an expectation: expected one of == != < <= > >= and a number",
           "healing.yml:13:42: attempts: ",
       }) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nin\n" << text;
  }
}

TEST(ConfigTest, ServicesAreToldApartByALabelOfTheTargets) {
  const auto own = ParseConfig("healing.yml", "targets: {labels: [namespace, app]}", kClock);
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ((*own)->policies.budgets.service_label, "app");
  const auto wrong = ParseConfig("healing.yml", "budgets: {service_label: pod}", kClock);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message,
            "healing.yml:1:26: service_label: 'pod' is not among targets.labels: expected one of "
            "service");
}

TEST(ConfigTest, WhatRemainsHealthyIsANumberOrAShare) {
  const auto read = [](const std::string& at_least) {
    return ParseConfig("healing.yml",
                       "actions: {restart: {command: {argv: [restart]}}}\n"
                       "policies:\n"
                       "  - name: a\n"
                       "    verify: {conditions: [{query: up, expect: == 1}]}\n"
                       "    ladder: [{action: restart, min_healthy: {query: up, at_least: " +
                           at_least + "}}]",
                       kClock);
  };
  EXPECT_EQ((*read("2"))->policies.policies[0].ladder[0].min_healthy->expect.value, 2);
  EXPECT_EQ((*read("100%"))->policies.policies[0].ladder[0].min_healthy->expect.value, 1);
  for (const char* wrong : {"many", "101%", "-1"}) {
    const auto config = read(wrong);
    ASSERT_FALSE(config) << wrong;
    EXPECT_EQ(config.error().message,
              "healing.yml:5:67: at_least: expected a number of instances, or a percentage such as "
              "50%");
  }
}

TEST(ConfigTest, LabelsOfTargetsStandThereOnceAndProtectedOnesAreLabels) {
  const auto config = ParseConfig(
      "healing.yml", "targets: {labels: [service, service], protected: [{a-b: x}]}", kClock);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message,
            "healing.yml:1:19: labels: 'service' stands there twice\n"
            "healing.yml:1:57: protected: 'a-b' is not a label name");
}

TEST(ConfigTest, LabelsOfTargetsAreNotThoseOfOurOwnSeries) {
  const auto config =
      ParseConfig("healing.yml", "targets: {labels: [service], optional_labels: [action]}", kClock);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message,
            "healing.yml:1:47: optional_labels: 'action' is a label of our own series: expected "
            "another one (see label_replace)");
}

constexpr char kHeld[] = R"(
actions:
  throttle: {timeout: 5s, haproxy: {sockets: [/run/gw.sock], operation: throttle, percent: 40}}
  breaker: {haproxy: {sockets: [/run/gw.sock], operation: breaker}}
  drain: {haproxy: {sockets: [/run/gw.sock], operation: drain}}
  shutdown: {haproxy: {sockets: [/run/gw.sock], operation: maint, min_active: 0}}
  restart: {command: {argv: [restart]}}
policies:
  - name: held
    verify: {conditions: [{query: "up", expect: "== 1"}]}
    ladder:
)";

TEST(ConfigTest, ReadsWhatIsHeldAndHowItIsLetGo) {
  const auto config = ParseConfig("healing.yml", std::string(kHeld) + R"(
      - action: throttle
        hold:
          at_least: 10s
          at_most: 5m
          release: [20, 10]
          step: 6s
          verify: {times: 3}
      - {action: breaker, probe: true, hold: {release: [90, 50]}}
      - {action: drain}
      - {action: restart}
      - {action: shutdown, hold: {keep_when_escalated: true}}
)",
                                  kClock);
  ASSERT_TRUE(config) << config.error().message;
  const std::vector<Rung>& ladder = (*config)->policies.policies[0].ladder;
  EXPECT_EQ(ladder[0].hold->at_least, 10s);
  EXPECT_EQ(ladder[0].hold->at_most, 5min);
  EXPECT_EQ(ladder[0].hold->release, (std::vector<int>{20, 10}));
  EXPECT_EQ(ladder[0].hold->step, 6s);
  EXPECT_EQ(ladder[0].hold->verify->times, 3);
  EXPECT_EQ(ladder[0].hold->verify->conditions.size(), 1U) << "what it leaves to the policy";
  EXPECT_TRUE(ladder[1].probe);
  ASSERT_TRUE(ladder[2].hold) << "an override is held, also without a hold section";
  EXPECT_TRUE(ladder[2].hold->release.empty());
  EXPECT_FALSE(ladder[3].hold);
  EXPECT_TRUE(ladder[4].hold->keep_when_escalated);
  const std::string page = WriteConfig(**config);
  EXPECT_NE(page.find("release: [20, 10]"), std::string::npos) << page;
}

TEST(ConfigTest, SaysWhatCannotBeHeld) {
  const auto config = ParseConfig("healing.yml", std::string(kHeld) + R"(
      - {action: throttle, hold: {release: [20, 40]}}
      - {action: throttle, hold: {release: [40], at_least: 1h, at_most: 1m}}
      - {action: throttle, hold: {releases: []}}
      - {action: drain, hold: {release: [50]}}
      - {action: breaker, probe: true}
      - {action: restart, hold: {step: 5s}, probe: true}
      - {action: shutdown}
      - {action: restart}
)",
                                  kClock);
  ASSERT_FALSE(config);
  const std::string& text = config.error().message;
  for (const char* line : {
           "healing.yml:13:44: release: expected falling percentages from below 40, the action's "
           "own, to 1",
           "healing.yml:14:44: release: expected falling percentages",
           "healing.yml:14:73: at_most: shorter than at_least",
           "healing.yml:15:35: unknown key 'releases' (did you mean 'release'?)",
           "healing.yml:16:41: release: this action comes in no degrees: expected [], let go at "
           "once",
           "healing.yml:17:34: probe: needs steps under hold.release, such as [90, 50]",
           "healing.yml:18:33: hold: restart leaves nothing in force that could be held",
           "healing.yml:18:52: probe: restart leaves nothing in force that could be held",
           "healing.yml:13:7: ladder: shutdown may stop the last instance that serves, so it "
           "must be the last rung",
       }) {
    EXPECT_NE(text.find(line), std::string::npos) << line << "\nin\n" << text;
  }
}

TEST(ConfigTest, AProgramNeverComesFromALabel) {
  const auto config =
      ParseConfig("healing.yml", "actions: {a: {command: {argv: [\"{service}\"]}}}", kClock);
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().message,
            "healing.yml:1:31: argv: the program itself must not come from a label");
}

TEST(ConfigTest, ReadsMaintenanceWindowsAndShowsThemAsTheyAreRead) {
  constexpr char kMaintenance[] = R"(
maintenance:
  - name: deploys
    match: {service: "orders|pay*"}
    time_intervals:
      - times: [{start_time: "02:00", end_time: "04:00"}]
        weekdays: [saturday]
)";
  const auto config = ParseConfig("healing.yml", kMaintenance, kClock);
  ASSERT_TRUE(config) << config.error().message;
  const auto& windows = (*config)->policies.maintenance;
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].name, "deploys");
  EXPECT_EQ(windows[0].match, (std::vector<LabelMatch>{{"service", "orders|pay*"}}));
  const std::vector<TimeInterval> times = {{.times = {{2h, 4h}}, .weekdays = {{6, 6}}}};
  EXPECT_EQ(windows[0].times, times);
  const std::string page = WriteConfig(**config);
  const size_t begin = page.find("maintenance:");
  const auto again =
      ParseConfig("page.yml", page.substr(begin, page.find("actions:") - begin), kClock);
  ASSERT_TRUE(again) << again.error().message << page;
  EXPECT_EQ((*again)->policies.maintenance[0].times, times);
  EXPECT_EQ((*again)->policies.maintenance[0].match, windows[0].match);
}

TEST(ConfigTest, OnlyWhatIsNamedIsAWatchdog) {
  const auto is_one = [](const std::string& text, const char* alertname) {
    const auto config = ParseConfig("healing.yml", text, kClock);
    EXPECT_TRUE(config) << config.error().message;
    return IsWatchdog(**config, Labels{{"alertname", alertname}});
  };
  EXPECT_TRUE(is_one("{}", "PromhealWatchdog"));
  EXPECT_FALSE(is_one("{}", "ServiceCrash"));
  EXPECT_TRUE(is_one("alerts: {watchdog: {alertname: Watchdog}}", "Watchdog"));
  EXPECT_FALSE(is_one("alerts: {watchdog: {}}", "PromhealWatchdog")) << "nothing is not everything";
}

TEST(ConfigTest, SaysWhatIsWrongWithMaintenanceWindows) {
  constexpr char kWrong[] = R"(maintenance:
  - name: deploys
    time_intervals: [{weekdays: [sunday]}]
  - name: deploys
    match: {"no label": x}
    time_intervals: [{weekdays: [sunday], location: Mars}]
  - match: {service: orders}
)";
  const auto config = ParseConfig("healing.yml", kWrong, kClock);
  ASSERT_FALSE(config);
  EXPECT_EQ(
      config.error().message,
      "healing.yml:4:11: name: there is a window 'deploys' already: expected another name\n"
      "healing.yml:5:25: match: 'no label' is not a label name\n"
      "healing.yml:6:53: location: there is no time zone 'Mars': expected UTC or a name such as "
      "Europe/Berlin\n"
      "healing.yml:7:5: missing key 'name': expected text\n"
      "healing.yml:7:5: missing key 'time_intervals': expected a list of maps");
}

TEST(ConfigTest, ThePageShowsDefaultsAndNoSecret) {
  const std::string page = WriteConfig(**ParseConfig("healing.yml", kGood, kClock));
  EXPECT_EQ(page.find("hunter"), std::string::npos);
  EXPECT_NE(page.find("<secret>"), std::string::npos);
  EXPECT_NE(page.find("mode: shadow"), std::string::npos);
  EXPECT_NE(page.find("query: \"up{service=\\\"{service}\\\"}\""), std::string::npos) << page;
}

TEST(ConfigTest, WhatWeShipIsRight) {
  for (const char* path : {"webhook/healing.example.yml", "webhook/examples/burn-rate.yml",
                           "deploy/demo/healing.yml", "deploy/docker/healing.yml"}) {
    std::string text = *ReadFile(std::string(PROMHEAL_SOURCE_DIR) + "/" + path);
    for (size_t at; (at = text.find("@RUN_DIR@")) != std::string::npos;)
      text.replace(at, 9, "/run");
    const auto config = ParseConfig(path, text, kClock);
    EXPECT_TRUE(config) << config.error().message;
  }
}

}  // namespace
}  // namespace promheal::healing
