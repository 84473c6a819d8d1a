#include <gtest/gtest.h>

#include <algorithm>

#include "tests/webhook/healer/world.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::Expect;
using samples::Firing;
using samples::World;

// Throttle, scale_out, restart: the first two with something that must hold before.
PolicySet WithRequirements() {
  PolicySet policies = samples::Policies();
  std::vector<Rung>& ladder = policies.policies[1].ladder;
  ladder[0].required = {Expect("requests{service=\"{service}\"}", "> 10")};
  ladder[1].required = {Expect("spare_slots{service=\"{service}\"}", "> 0")};
  return policies;
}
constexpr char kThrottle[] = "latency/0 throttle/requires";
constexpr char kScaleOut[] = "latency/1 scale_out/requires";

std::vector<std::string> Actions(const World& world) {
  std::vector<std::string> actions;
  for (const auto& one : world.performed()) actions.push_back(one.action);
  return actions;
}

int Skips(const Incident& incident) {
  return static_cast<int>(
      std::count_if(incident.timeline.begin(), incident.timeline.end(), [](const auto& event) {
        return event.kind == TimelineKind::kDecision && event.text.find("skips ") == 0;
      }));
}

TEST(HealerRungTest, ARungWhoseRequirementHoldsIsUsed) {
  World world(samples::Config(WithRequirements()));
  world.Break("orders");
  world.service("orders").healed_by = {"throttle"};
  world.Deliver({Firing("Slow", "orders", "latency")});
  world.Run(30s);
  EXPECT_EQ(Actions(world), (std::vector<std::string>{"throttle"}));
}

TEST(HealerRungTest, ARungWhoseRequirementDoesNotHoldIsSkippedAndSaysSo) {
  for (const bool killed : {false, true}) {
    World world(samples::Config(WithRequirements()));
    world.answers[kThrottle] = DataVerdict::kNotRecovered;
    world.Break("orders");
    world.service("orders").healed_by = {};
    world.Deliver({Firing("Slow", "orders", "latency")});
    world.Run(10s);
    // For this incident it stays skipped, also when it could be used later.
    world.answers.clear();
    if (killed) world.Kill();
    world.Run(5min);
    EXPECT_EQ(Actions(world), (std::vector<std::string>{"scale_out", "restart"}));
    EXPECT_EQ(Skips(*world.Open("orders")), 1);
    EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kLadderExhausted);
  }
}

TEST(HealerRungTest, WhatNobodyKnowsIsNotUsed) {
  World world(samples::Config(WithRequirements()));
  world.answers[kThrottle] = DataVerdict::kUnknown;
  world.answers[kScaleOut] = DataVerdict::kNotRecovered;
  world.Break("orders");
  world.Deliver({Firing("Slow", "orders", "latency")});
  world.Run(30s);
  EXPECT_EQ(Actions(world), (std::vector<std::string>{"restart"}));
  EXPECT_EQ(Skips(*world.Open("orders")), 2);
  const std::vector<TimelineEvent> timeline = world.Open("orders")->timeline;
  EXPECT_TRUE(std::any_of(timeline.begin(), timeline.end(), [](const TimelineEvent& event) {
    return event.text.find("it is unknown whether it may be used") != std::string::npos;
  }));
}

TEST(HealerRungTest, WhereNoRungMayBeUsedAHumanIsCalledAndNothingIsFrozen) {
  PolicySet policies = WithRequirements();
  policies.policies[1].ladder.pop_back();
  World world(samples::Config(policies));
  world.answers[kThrottle] = world.answers[kScaleOut] = DataVerdict::kNotRecovered;
  world.Break("orders");
  world.Deliver({Firing("Slow", "orders", "latency")});
  world.Run(30s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_EQ(world.Open("orders")->state, IncidentState::kEscalated);
  EXPECT_FALSE(world.file().entries.contains("frozen/{service=\"orders\"}"));
}

TEST(HealerRungTest, TooLittleThatRemainsHealthyWaits) {
  for (const DataVerdict said : {DataVerdict::kNotRecovered, DataVerdict::kUnknown}) {
    PolicySet policies = samples::Policies();
    policies.policies[0].ladder[0].min_healthy = Expect("sum(up)", ">= 1");
    World world(samples::Config(policies));
    world.answers["crash/0 restart/min_healthy"] = said;
    world.Break("orders");
    world.Deliver({Firing("Crash", "orders", "crash")});
    world.Run(30s);
    EXPECT_TRUE(world.performed().empty());
    EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kMinHealthy);
    world.answers.clear();
    world.Run(30s);
    EXPECT_EQ(world.performed().size(), 1U);
  }
}

TEST(HealerRungTest, TooLittleForTooLongCallsAHuman) {
  PolicySet policies = samples::Policies();
  policies.policies[0].ladder[0].min_healthy = Expect("sum(up)", ">= 1");
  World world(samples::Config(policies));
  world.answers["crash/0 restart/min_healthy"] = DataVerdict::kNotRecovered;
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(16min);
  EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kWaitedTooLong);
}

}  // namespace
}  // namespace promheal::healing
