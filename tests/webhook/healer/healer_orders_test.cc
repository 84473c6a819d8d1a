// What people order: pause and resume, freeze and unfreeze, release, false alarm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/webhook/healer/world.h"
#include "webhook/healer/healer.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::FakeGateway;
using samples::Firing;
using samples::Resolved;
using samples::World;
using testing::HasSubstr;

const FakeGateway::Place kThrottle = {"throttle", "orders"};

PolicySet HoldingPolicies() {
  PolicySet set = samples::Policies();
  set.policies[1] = samples::PolicyFor("latency", {"throttle", "restart"});
  set.policies[1].ladder[0].hold =
      Hold{.at_least = 10s, .at_most = 2min, .release = {20}, .step = 8s};
  return set;
}

class HealerOrdersTest : public testing::Test {
 protected:
  OrderReport Tell(Order order) {
    if (order.by.empty()) order.by = "alice";
    const Result<OrderReport> report = world_.Tell(std::move(order));
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(OrderReport{});
  }
  void Crash() {
    world_.Break("orders");
    world_.Deliver({Firing("Crash", "orders", "crash")});
  }
  // A throttle of 40 % in force.
  void Throttle() {
    world_.Break("orders");
    world_.service("orders").eased_by = 40;
    world_.service("orders").healed_by = {};
    world_.Deliver({Firing("Slow", "orders", "latency")});
    world_.Run(9s);
    ASSERT_EQ(gateway_->ValueAt(kThrottle), "40%") << world_.Story();
  }

  const Labels orders_{{"service", "orders"}};
  std::shared_ptr<FakeGateway> gateway_ = std::make_shared<FakeGateway>();
  World world_{samples::HoldingConfig(gateway_, HoldingPolicies()), gateway_};
};

TEST_F(HealerOrdersTest, WhilePausedNothingIsStartedAndAfterwardsItIs) {
  EXPECT_TRUE(Tell({.kind = OrderKind::kPause, .why = "release day"}).changed);
  Crash();
  world_.Run(10min);
  EXPECT_TRUE(world_.performed().empty());
  EXPECT_TRUE(
      world_.Told("healing is paused since 2026-01-01T00:00:00.000Z by alice, who said: release"))
      << world_.Story();
  EXPECT_TRUE(Tell({.kind = OrderKind::kResume}).changed);
  world_.Run(10s);
  EXPECT_EQ(world_.performed().size(), 1U) << world_.Story();
}

TEST_F(HealerOrdersTest, APauseOutlivesTheHealer) {
  Tell({.kind = OrderKind::kPause});
  world_.Kill();
  Crash();
  world_.Run(1min);
  EXPECT_TRUE(world_.performed().empty());
  EXPECT_THAT(Tell({.kind = OrderKind::kPause, .by = "bob"}).text,
              HasSubstr("already paused by alice"));
}

TEST_F(HealerOrdersTest, ResumingWhatIsNotPausedChangesNothing) {
  EXPECT_FALSE(Tell({.kind = OrderKind::kResume}).changed);
}

TEST_F(HealerOrdersTest, WhileCrashesInterruptAnOrderItIsCarriedOutOnce) {
  for (int io_call = 0; io_call < 6; ++io_call) {
    World world(samples::Config());
    world.Run(1s);
    world.DieAt(io_call);
    ASSERT_TRUE(world.Tell({.kind = OrderKind::kPause, .by = "alice"}));
    world.DieAt(-1);
    world.Break("orders");
    world.Deliver({Firing("Crash", "orders", "crash")});
    world.Run(1min);
    EXPECT_TRUE(world.performed().empty()) << "died at call " << io_call;
  }
}

TEST_F(HealerOrdersTest, WhatIsInForceIsRenewedWhilePaused) {
  Throttle();
  world_.service("orders").has_data = false;
  Tell({.kind = OrderKind::kPause});
  world_.Run(60s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%") << world_.Story();
}

TEST_F(HealerOrdersTest, LettingGoGoesOnWhilePaused) {
  Throttle();
  Tell({.kind = OrderKind::kPause});
  world_.service("orders").healthy = true;
  world_.Deliver({Resolved(Firing("Slow", "orders", "latency"), 9)});
  world_.Run(3min);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << world_.Story();
}

TEST_F(HealerOrdersTest, AFrozenTargetIsLeftAloneAndOthersAreNot) {
  Tell({.kind = OrderKind::kFreeze, .why = "moving house", .target = orders_, .duration = 1h});
  Crash();
  world_.Break("auth");
  world_.Deliver({Firing("AuthCrash", "auth", "crash")});
  world_.Run(1min);
  ASSERT_EQ(world_.performed().size(), 1U) << world_.Story();
  EXPECT_EQ(world_.performed()[0].service, "auth");
  EXPECT_TRUE(world_.Told("by alice, who said: moving house")) << world_.Story();
}

TEST_F(HealerOrdersTest, AFreezeIsOverWhenItsTimeIsOrSomebodySaysSo) {
  Tell({.kind = OrderKind::kFreeze, .target = orders_, .duration = 1h});
  EXPECT_TRUE(Tell({.kind = OrderKind::kUnfreeze, .target = orders_}).changed);
  EXPECT_FALSE(Tell({.kind = OrderKind::kUnfreeze, .target = orders_}).changed);
  Crash();
  world_.Run(1min);
  EXPECT_EQ(world_.performed().size(), 1U) << world_.Story();
}

TEST_F(HealerOrdersTest, AReleaseTakesEverythingBackAtOnceAndDoesNotSetItAgain) {
  Throttle();
  const OrderReport report = Tell({.kind = OrderKind::kRelease, .duration = 30min});
  EXPECT_EQ(report.incidents.size(), 1U);
  world_.Run(1s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << world_.Story();
  world_.Run(5min);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << world_.Story();
  EXPECT_TRUE(world_.performed().empty()) << "and no other rung either";
  EXPECT_TRUE(world_.Told("person: alice released what is held in force")) << world_.Story();
  EXPECT_TRUE(world_.Told("is frozen for another"))
      << "a human has been called: " << world_.Story();
}

TEST_F(HealerOrdersTest, AReleaseOfAnotherTargetOrIncidentTouchesNothing) {
  Throttle();
  const Labels auth{{"service", "auth"}};
  EXPECT_FALSE(Tell({.kind = OrderKind::kRelease, .target = auth, .duration = 1h}).changed);
  const auto unknown = world_.Tell(
      {.kind = OrderKind::kRelease, .by = "alice", .incident_id = "none", .duration = 1h});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::kNotFound);
  world_.Run(1s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%");
  const std::string id = world_.Open("orders")->id;
  EXPECT_TRUE(Tell({.kind = OrderKind::kRelease, .incident_id = id, .duration = 1h}).changed);
  world_.Run(1s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none");
}

// At whatever moment of its way into force.
TEST_F(HealerOrdersTest, AReleaseAlsoStopsWhatIsOnItsWay) {
  for (int milliseconds = 0; milliseconds < 4000; milliseconds += 10) {
    const auto gateway = std::make_shared<FakeGateway>();
    World world(samples::HoldingConfig(gateway, HoldingPolicies()), gateway);
    world.Break("orders");
    world.service("orders").healed_by = {};
    world.Deliver({Firing("Slow", "orders", "latency")});
    world.Run(Duration(milliseconds));
    const auto report = world.Tell({.kind = OrderKind::kRelease, .by = "alice", .duration = 1h});
    ASSERT_TRUE(report);
    ASSERT_TRUE(report->changed || milliseconds <= 2000) << milliseconds;
    world.Run(2s);
    if (report->changed) {
      ASSERT_EQ(gateway->ValueAt(kThrottle), "none") << "released after " << milliseconds << " ms";
    }
  }
}

TEST_F(HealerOrdersTest, AFalseAlarmEndsWhatIsDoneAboutAnIncident) {
  Throttle();
  const std::string id = world_.Open("orders")->id;
  Tell({.kind = OrderKind::kFalseAlarm, .why = "load test", .incident_id = id});
  world_.Run(10min);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << world_.Story();
  EXPECT_TRUE(world_.performed().empty()) << world_.Story();
  EXPECT_EQ(world_.false_alarms, 1);
  world_.Deliver({Resolved(Firing("Slow", "orders", "latency"), 9)});
  world_.service("orders").healthy = true;
  world_.Run(10min);
  ASSERT_EQ(world_.Closed().size(), 1U) << world_.Story();
  EXPECT_EQ(world_.Closed()[0].false_alarm->by, "alice");
  EXPECT_EQ(world_.Closed()[0].false_alarm->why, "load test");
}

TEST_F(HealerOrdersTest, AFalseAlarmSuppressesWhatWasNotYetActedOn) {
  world_.service("orders").has_data = false;
  Crash();
  world_.Run(5s);
  Tell({.kind = OrderKind::kFalseAlarm, .incident_id = world_.Open("orders")->id});
  world_.service("orders").has_data = true;
  world_.Run(1min);
  EXPECT_TRUE(world_.performed().empty()) << world_.Story();
  EXPECT_EQ(world_.Open("orders")->last_decision->reason, DecisionReason::kFalseAlarm);
}

TEST_F(HealerOrdersTest, WhatTurnsMoreSeriousIsHealedAllTheSame) {
  world_.Break("orders");
  world_.service("orders").has_data = false;
  world_.Deliver({Firing("Slow", "orders", "latency")});
  world_.Run(5s);
  Tell({.kind = OrderKind::kFalseAlarm, .incident_id = world_.Open("orders")->id});
  world_.service("orders").has_data = true;
  world_.Deliver({Firing("Crash", "orders", "crash")});
  world_.Run(1min);
  ASSERT_EQ(world_.performed().size(), 1U) << world_.Story();
  EXPECT_EQ(world_.performed()[0].action, "restart");
}

TEST_F(HealerOrdersTest, OneThatHasClosedIsOnlyMarked) {
  Crash();
  world_.Run(30s);
  world_.Deliver({Resolved(Firing("Crash", "orders", "crash"), 10)});
  world_.Run(10min);
  ASSERT_EQ(world_.Closed().size(), 1U) << world_.Story();
  const Incident before = world_.Closed()[0];
  Tell({.kind = OrderKind::kFalseAlarm, .incident_id = before.id});
  ASSERT_EQ(world_.Closed().size(), 1U);
  Incident after = world_.Closed()[0];
  ASSERT_TRUE(after.false_alarm);
  EXPECT_EQ(after.false_alarm->scenario, "crash");
  after.false_alarm.reset();
  EXPECT_EQ(after, before);
  EXPECT_FALSE(world_.Tell({.kind = OrderKind::kFalseAlarm, .by = "a", .incident_id = "no"}));
}

TEST_F(HealerOrdersTest, TheSameFalseAlarmCountsOnce) {
  Crash();
  world_.Run(30s);
  const Order order{.kind = OrderKind::kFalseAlarm, .incident_id = world_.Open("orders")->id};
  EXPECT_TRUE(Tell(order).changed);
  EXPECT_FALSE(Tell(order).changed);
  world_.Deliver({Resolved(Firing("Crash", "orders", "crash"), 10)});
  world_.Run(10min);
  ASSERT_EQ(world_.Closed().size(), 1U) << world_.Story();
  EXPECT_FALSE(Tell(order).changed) << "nor when it has closed";
  EXPECT_EQ(world_.false_alarms, 1);
}

TEST_F(HealerOrdersTest, AReleaseDoesNotShortenWhatAPersonHasFrozen) {
  Throttle();
  Tell({.kind = OrderKind::kFreeze, .by = "bob", .target = orders_, .duration = 100h});
  Tell({.kind = OrderKind::kRelease, .duration = 1h});
  world_.Run(2h);
  EXPECT_TRUE(world_.performed().empty()) << world_.Story();
  Tell({.kind = OrderKind::kFreeze, .target = orders_, .duration = 1s});
  world_.Run(1min);
  EXPECT_FALSE(Tell({.kind = OrderKind::kUnfreeze, .target = orders_}).changed)
      << "a person may say anew for how long";
}

// What people say in Alertmanager: a silence.
class HealerSilenceTest : public HealerOrdersTest {
 protected:
  KnownAlert Crashing(std::vector<std::string> silenced_by = {}) {
    KnownAlert alert{.notice = Firing("Crash", "orders", "crash"), .silenced_by = silenced_by};
    alert.active = silenced_by.empty();
    return alert;
  }
  std::shared_ptr<HealingConfig> AskingAlertmanager() {
    auto config = samples::HoldingConfig(gateway_, HoldingPolicies());
    config->alertmanager.url = "http://alertmanager";
    return config;
  }
};

TEST_F(HealerSilenceTest, NothingActsOnWhatIsSilencedUntilItIsNot) {
  world_.Run(1s);
  Crash();
  world_.Show({Crashing({"5f3a"})});
  world_.Run(5min);
  EXPECT_TRUE(world_.performed().empty()) << world_.Story();
  EXPECT_TRUE(world_.Told("all its alerts that fire are silenced: 5f3a")) << world_.Story();
  world_.Show({Crashing()});
  world_.Run(10s);
  EXPECT_EQ(world_.performed().size(), 1U) << world_.Story();
}

TEST_F(HealerSilenceTest, WhatWasSilencedBeforeARestartStaysSoUntilAlertmanagerIsAskedAgain) {
  world_.Reconfigure(AskingAlertmanager());
  Crash();
  world_.Show({Crashing({"5f3a"})});
  world_.Run(1min);
  world_.Kill();
  world_.Run(5min);
  EXPECT_TRUE(world_.performed().empty()) << world_.Story();
  world_.Show({Crashing()});
  world_.Run(10s);
  EXPECT_EQ(world_.performed().size(), 1U) << world_.Story();
}

TEST_F(HealerSilenceTest, AnAlertmanagerThatIsAskedNoMoreSilencesNothing) {
  world_.Reconfigure(AskingAlertmanager());
  Crash();
  world_.Show({Crashing({"5f3a"})});
  world_.Run(1min);
  world_.Reconfigure(samples::HoldingConfig(gateway_, HoldingPolicies()));
  world_.Run(10s);
  EXPECT_EQ(world_.performed().size(), 1U) << world_.Story();
}

TEST_F(HealerSilenceTest, WhatWasNeverSentIsHealed) {
  world_.Break("orders");
  for (int i = 0; i < 3; ++i) {
    world_.Show({Crashing()});
    world_.Run(30s);
  }
  EXPECT_EQ(world_.performed().size(), 1U) << world_.Story();
}

TEST_F(HealerSilenceTest, AResolveThatWasNeverSentEndsTheIncident) {
  Crash();
  world_.Show({Crashing()});
  world_.Run(30s);
  ASSERT_NE(world_.Open("orders"), nullptr) << world_.Story();
  for (int i = 0; i < 3; ++i) {
    world_.Show({});
    world_.Run(30s);
  }
  EXPECT_EQ(world_.Open("orders"), nullptr) << world_.Story();
}

}  // namespace
}  // namespace promheal::healing
