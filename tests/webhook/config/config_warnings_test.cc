#include "webhook/config/config_warnings.h"

#include <gtest/gtest.h>

#include "webhook/core/label_match.h"

namespace promheal::healing {
namespace {

const SystemClock kClock;

constexpr char kActions[] = R"(actions:
  restart: {command: {argv: [restart]}}
  scale_out: {haproxy: {sockets: [/run/gw.sock], operation: scale_out}}
  throttle: {haproxy: {sockets: [/run/gw.sock], operation: throttle, percent: 40}}
  unused: {command: {argv: [unused]}}
policies:
)";

std::vector<std::string> WarningsOf(const std::string& policies) {
  const auto config = ParseConfig("healing.yml", kActions + policies, kClock);
  EXPECT_TRUE(config) << config.error().message;
  return config ? (*config)->warnings : std::vector<std::string>{};
}

TEST(ConfigWarningsTest, SaysWhatIsHardlyMeantAndWhere) {
  EXPECT_EQ(WarningsOf(R"(
  - name: crash
    match: {scenario: "crash|bad_*"}
    mode: auto
    verify: {conditions: [{query: 'up{service="{service}"}', expect: == 1}]}
    escalate_after: 5m
    ladder:
      - {action: throttle}
      - {action: scale_out}
      - {action: restart, attempts: 2, cooldown: 30m}
  - name: worse crash
    match: {scenario: bad_instance, severity: critical}
)"),
            (std::vector<std::string>{
                "healing.yml:5:11: warning: no policy uses the action unused",
                "healing.yml:15:9: warning: scale_out is less disruptive than throttle before it: "
                "should it not come first?",
                "healing.yml:16:9: warning: restart is not done a second time: its cooldown of 30m "
                "is longer than escalate_after (5m), so a human is called before",
                "healing.yml:17:5: warning: policy 'worse crash' is never reached: 'crash' before "
                "it matches all that it does"}));
}

TEST(ConfigWarningsTest, SaysWhatNobodyUndoes) {
  constexpr char kPolicy[] = R"(
actions:
  remove_spare: {docker: {operation: scale_in, labels: {service: "{service}"}}}
  delete: {haproxy: {sockets: [/run/gw.sock], operation: del_server, backend: b, server: "{service}"}}
policies:
  - name: calm
    match: {scenario: calm}
    verify: {conditions: [{query: 'up{service="{service}"}', expect: == 1}]}
    ladder:
      - {action: remove_spare}
      - {action: delete}
)";
  const auto config = ParseConfig("healing.yml", kPolicy, kClock);
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ((*config)->warnings,
            (std::vector<std::string>{
                "healing.yml:10:9: warning: remove_spare is not undone when the incident ends: the "
                "removed container comes back only by a scale_out",
                "healing.yml:11:9: warning: delete is not undone when the incident ends: the "
                "server comes back without its configuration, only with its address"}));
}

TEST(ConfigWarningsTest, SaysWhichVerificationsMissingDataPass) {
  constexpr char kPolicy[] = R"(
  - name: errors
    match: {scenario: errors}
    verify:
      conditions:
        - {query: 'max(errors{service="{service}"} or vector(0))', expect: < 0.05}
        - {query: 'up{service="{service}"}', expect: == 1}
    ladder:
      - action: restart
        verify: {conditions: [{query: 'errors{service="{service}"} or vector(0)', expect: < 0.05}]}
      - action: unused
        verify: {conditions: [{query: 'errors{service="{service}"} or vector(1)', expect: < 0.05}]}
      - {action: scale_out}
      - {action: throttle}
)";
  EXPECT_EQ(WarningsOf(kPolicy),
            (std::vector<std::string>{
                "healing.yml:15:9: warning: verify: all queries have `or vector(...)`, so "
                "missing data count as a recovery: should one of them need data?"}));
}

TEST(ConfigWarningsTest, SaysWhichVerificationsAreNotAboutTheTarget) {
  EXPECT_EQ(WarningsOf(R"(
  - name: orders
    match: {service: orders, scenario: crash}
    verify: {conditions: [{query: 'up{service="orders"}', expect: == 1}]}
    ladder: [{action: throttle}]
  - name: payments
    match: {service: "pay*"}
    verify: {conditions: [{query: 'up{service="payments"}', expect: == 1}]}
    ladder:
      - action: scale_out
        verify: {conditions: [{query: all, expect: < 1}, {query: 'up{service="{service}"}', expect: == 1}]}
      - {action: restart}
      - {action: unused}
)"),
            (std::vector<std::string>{
                "healing.yml:12:5: warning: verify: its queries name no label of the target, so "
                "that they say the same about every one: should it not be "
                "up{service=\"{service}\"}?"}));
}

TEST(ConfigWarningsTest, WhatIsInOrderIsNotWarnedOf) {
  EXPECT_EQ(WarningsOf(R"(
  - name: critical crash
    match: {scenario: crash, severity: critical}
    mode: auto
    verify: {conditions: [{query: 'up{service="{service}"}', expect: == 1}]}
    ladder:
      - {action: scale_out}
      - {action: throttle}
      - {action: restart, attempts: 2, cooldown: 10m}
      - {action: unused}
  - name: crash
    match: {scenario: crash}
)"),
            std::vector<std::string>{});
}

TEST(LabelMatchTest, AWiderMatchCoversANarrowerOne) {
  EXPECT_TRUE(Covers({{"a", "x|y*"}}, {{"a", "y1|x"}}));
  EXPECT_TRUE(Covers({{"a", "y*"}}, {{"a", "y*1"}, {"b", "z"}}));
  EXPECT_TRUE(Covers({{"a", "*"}}, {{"b", "z"}})) << "also where the label is missing";
  EXPECT_FALSE(Covers({{"a", "x"}}, {{"b", "z"}}));
  EXPECT_FALSE(Covers({{"a", "x"}}, {{"a", "x|y"}}));
  EXPECT_FALSE(Covers({{"a", "y1"}}, {{"a", "y*"}}));
  EXPECT_FALSE(Covers({{"a", "x"}, {"b", "z"}}, {{"a", "x"}}));
}

}  // namespace
}  // namespace promheal::healing
