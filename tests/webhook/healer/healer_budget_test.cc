#include <gtest/gtest.h>

#include "tests/webhook/healer/world.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::At;
using samples::Firing;
using samples::Resolved;
using samples::World;

// A crash that a restart heals, whole and over within half a minute.
void CrashOnce(World& world, const std::string& service, int at) {
  world.Break(service);
  world.Deliver({Firing("Crash", service, "crash", at)});
  world.Deliver({Resolved(Firing("Crash", service, "crash", at), at + 15)}, 16s);
}

void Crash(World& world, const std::string& service, int at) {
  world.Break(service);
  world.Deliver({Firing("Crash", service, "crash", at)});
}

std::string Name(int i) { return "service-" + std::to_string(i); }

PolicySet WithoutCooldown() {
  PolicySet policies = samples::Policies();
  policies.policies[0].ladder[0].cooldown = 0s;
  return policies;
}

TEST(HealerBudgetTest, AnHourHasOnlySoManyActionsHoweverOftenTheHealerDies) {
  for (const bool killed : {false, true}) {
    PolicySet policies = WithoutCooldown();
    policies.budgets.per_hour = 3;
    policies.policies[0].escalate_after = 10h;
    World world(samples::Config(policies));
    for (int i = 0; i < 5; ++i) {
      Crash(world, Name(i), i * 60);
      world.Run(60s);
      if (killed) world.Kill();
    }
    EXPECT_EQ(world.performed().size(), 3U);
    EXPECT_EQ(world.Open(Name(4))->last_decision->reason, DecisionReason::kHourlyBudget);
    world.Run(55min);
    EXPECT_EQ(world.performed().size(), 3U);
    world.Run(10min);
    ASSERT_EQ(world.performed().size(), 5U) << "each an hour after the one that made room";
    EXPECT_EQ(world.performed()[3].time, world.performed()[0].time + 1h);
  }
}

TEST(HealerBudgetTest, OneGroupDoesNotSpendTheHourOfAnother) {
  PolicySet policies = WithoutCooldown();
  policies.budgets.per_hour_per_group = 1;
  World world(samples::Config(policies));
  CrashOnce(world, "orders", 0);
  world.Run(60s);
  Crash(world, "orders", 60);
  Crash(world, "payments", 60);
  world.Run(60s);
  ASSERT_EQ(world.performed().size(), 2U);
  EXPECT_EQ(world.performed()[1].service, "payments");
  EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kGroupBudget);
}

TEST(HealerBudgetTest, WhatNeverTookPlaceGivesItsShareBack) {
  PolicySet policies = samples::Policies();
  policies.budgets.per_hour = 1;
  World world(samples::Config(policies));
  world.Break("orders");
  // Dies between the intent and the call: observed, it never happened, and is taken once more.
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(1900ms);
  world.ledger().after_commit = [&] {
    const Incident* open = world.Open("orders");
    if (open == nullptr || open->attempts.empty()) return;
    world.ledger().after_commit = [] {};
    throw samples::Died{};
  };
  world.Run(60s);
  EXPECT_EQ(world.performed().size(), 1U);
}

TEST(HealerBudgetTest, CooldownsGrowOverRestarts) {
  PolicySet policies = samples::Policies();
  Rung& rung = policies.policies[0].ladder[0];
  rung.cooldown = 60s;
  rung.cooldown_factor = 2;
  policies.policies[0].escalate_after = 10h;
  World world(samples::Config(policies));
  for (int i = 0; i < 40; ++i) {
    CrashOnce(world, "orders", i * 30);
    world.Run(30s);
    world.Kill();
  }
  std::vector<Duration> between;
  for (size_t i = 1; i < world.performed().size(); ++i) {
    between.push_back(world.performed()[i].time - world.performed()[i - 1].time);
  }
  ASSERT_GE(between.size(), 3U);
  for (size_t i = 0; i < between.size(); ++i) {
    EXPECT_GE(between[i], 60s * (1 << i)) << i;
    EXPECT_LE(between[i], 60s * (1 << i) + 30s) << i;
  }
}

TEST(HealerBudgetTest, AStormBeginsNothingUntilItHasCalmedDown) {
  for (const bool killed : {false, true}) {
    PolicySet policies = samples::Policies();
    policies.budgets.storm = {.incidents = 3, .window = 60s, .calm = 120s};
    policies.policies[0].escalate_after = 30s;
    World world(samples::Config(policies));
    for (int i = 0; i < 4; ++i) {
      world.Break(Name(i));
      world.Deliver({Firing("Crash", Name(i), "crash")});
    }
    world.Run(100s);
    if (killed) world.Kill();
    world.Run(10s);
    EXPECT_TRUE(world.performed().empty());
    EXPECT_EQ(world.Open(Name(0))->last_decision->reason, DecisionReason::kStorm);
    EXPECT_EQ(world.Open(Name(0))->state, IncidentState::kPending)
        << "no human is called for each incident";
    EXPECT_EQ(world.storms, (std::vector<bool>(killed ? 2 : 1, true)));
    world.Run(200s);
    EXPECT_EQ(world.performed().size(), 4U) << "afterwards, within the other budgets";
    EXPECT_FALSE(world.storms.back());
  }
}

TEST(HealerBudgetTest, AStormIsKnownAfterItsIncidentsHaveClosed) {
  PolicySet policies = WithoutCooldown();
  policies.budgets.storm = {.incidents = 1, .window = 60s, .calm = 600s};
  World world(samples::Config(policies));
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 5)}, 6s);
  world.Run(30s);
  ASSERT_EQ(world.Closed().size(), 1U);
  world.Kill();
  world.Break("payments");
  world.Deliver({Firing("Crash", "payments", "crash", 30)});
  world.Run(60s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_EQ(world.Open("payments")->last_decision->reason, DecisionReason::kStorm);
}

}  // namespace
}  // namespace promheal::healing
