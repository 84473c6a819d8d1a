// What an action leaves in force: held while it is needed, let go step by step, always undone.
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

const FakeGateway::Place kThrottle = {"throttle", "orders"};
const FakeGateway::Place kBreaker = {"breaker", "orders"};

Hold SampleHold(std::vector<int> release) {
  return {.at_least = 10s, .at_most = 2min, .release = std::move(release), .step = 8s};
}

// Latency: throttle by 40 %, released by 20 %, then restart.
PolicySet HoldingPolicies() {
  PolicySet set = samples::Policies();
  set.policies[1] = samples::PolicyFor("latency", {"throttle", "restart"});
  set.policies[1].ladder[0].hold = SampleHold({20});
  set.policies.push_back(samples::PolicyFor("errors", {"breaker", "restart"}));
  set.policies[2].ladder[0].hold = SampleHold({90, 50});
  set.policies[2].ladder[0].probe = true;
  set.policies[2].ladder[1].verify = set.policies[2].verify;
  return set;
}

class HealerHoldTest : public testing::Test {
 protected:
  explicit HealerHoldTest(PolicySet policies = HoldingPolicies())
      : gateway_(std::make_shared<FakeGateway>()),
        world_(samples::HoldingConfig(gateway_, std::move(policies)), gateway_) {}

  // Trouble that a throttle of `percent` eases and only time heals.
  void Overload(int percent) {
    world_.Break("orders");
    world_.service("orders").eased_by = percent;
    world_.service("orders").healed_by = {};
    world_.Deliver({Firing("Slow", "orders", "latency")});
  }
  // In force, and nothing moves any more but the renewal.
  void HoldWithoutData() {
    Overload(40);
    world_.Run(9s);
    world_.service("orders").has_data = false;
    world_.Run(10s);
    ASSERT_EQ(gateway_->ValueAt(kThrottle), "40%") << world_.Story();
  }
  void Resolve(Duration at = Duration(0)) {
    world_.Deliver({Resolved(Firing("Slow", "orders", "latency"), 0)}, at);
  }
  std::vector<std::string> ValuesWrittenTo(const FakeGateway::Place& place) const {
    std::vector<std::string> values;
    for (const auto& [where, value] : gateway_->written) {
      if (where == place && (values.empty() || values.back() != value)) values.push_back(value);
    }
    return values;
  }

  using Values = std::vector<std::string>;
  std::shared_ptr<FakeGateway> gateway_;
  World world_;
};

TEST_F(HealerHoldTest, IsDurableBeforeItIsInForce) {
  bool seen = false;
  gateway_->before_write = [&](const FakeGateway::Place&, const std::string& value) {
    const Incident* incident = world_.Open("orders");
    ASSERT_NE(incident, nullptr);
    ASSERT_EQ(incident->overrides.size(), 1U);
    EXPECT_EQ(incident->overrides[0].held.changes[0].after, value);
    seen = true;
  };
  Overload(40);
  world_.Run(4s);
  EXPECT_TRUE(seen);
}

TEST_F(HealerHoldTest, IsRenewedWhileItIsNeededWithoutWritingTheLedger) {
  HoldWithoutData();
  EXPECT_EQ(world_.Open("orders")->overrides[0].phase, HoldPhase::kInForce);
  const int applies = gateway_->applies;
  const Revision revision = world_.file().head;
  world_.Run(60s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%");
  EXPECT_GE(gateway_->applies - applies, 10);
  EXPECT_EQ(world_.file().head, revision);
}

TEST_F(HealerHoldTest, IsReleasedInStepsThatDataConfirm) {
  Overload(40);
  world_.Run(10s);
  EXPECT_EQ(world_.Open("orders")->state, IncidentState::kHolding) << world_.Story();
  world_.service("orders").healthy = true;
  world_.Run(10s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "20%") << world_.Story();
  EXPECT_EQ(world_.Open("orders")->state, IncidentState::kReleasing);
  world_.Run(40s);
  EXPECT_EQ(ValuesWrittenTo(kThrottle), (Values{"40%", "20%", "none"}));
  EXPECT_EQ(world_.Open("orders")->state, IncidentState::kHolding) << "its alert still fires";
  EXPECT_TRUE(world_.Open("orders")->overrides.empty());
  Resolve();
  world_.Run(10s);
  EXPECT_EQ(world_.Closed().at(0).outcome, Outcome::kHealed);
}

// Our own override may be what silences the alert.
TEST_F(HealerHoldTest, AResolvedAlertEndsNothingBeforeTheOverrideIsReleased) {
  Overload(20);
  Resolve(6s);
  world_.Run(60s);
  ASSERT_NE(world_.Open("orders"), nullptr) << world_.Story();
  world_.service("orders").healthy = true;
  world_.Run(2min);
  EXPECT_EQ(world_.Open("orders"), nullptr);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none");
}

TEST_F(HealerHoldTest, ARelapseGoesBackToTheLastGoodStepAndWaitsTwiceAsLong) {
  Overload(20);
  std::vector<Time> lifted;
  gateway_->before_write = [&](const FakeGateway::Place&, const std::string& value) {
    if (value == "none") lifted.push_back(world_.now());
  };
  world_.Run(2min);
  ASSERT_GE(lifted.size(), 3U) << world_.Story();
  EXPECT_GE(lifted[1] - lifted[0], 20s);
  EXPECT_GE(lifted[2] - lifted[1], 40s);
  const Values values = ValuesWrittenTo(kThrottle);
  EXPECT_EQ(Values(values.begin(), values.begin() + 4), (Values{"40%", "20%", "none", "20%"}))
      << "never more than the last good step";
}

TEST_F(HealerHoldTest, WhatRelapsesForTooLongIsIneffectiveAndStaysWhileTheNextRungActs) {
  Overload(20);
  world_.service("orders").healed_by = {"restart"};
  world_.Run(6min);
  ASSERT_EQ(world_.performed().size(), 1U) << world_.Story();
  EXPECT_EQ(world_.performed()[0].action, "restart");
  EXPECT_TRUE(world_.Told("it comes back whenever throttle is let go")) << world_.Story();
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << "released once the restart was verified";
  const std::vector<Attempt> attempts = world_.Open("orders")->attempts;
  ASSERT_EQ(attempts.size(), 2U);
  EXPECT_EQ(attempts[0].verdict, ActionVerdict::kIneffective);
  EXPECT_EQ(attempts[1].verdict, ActionVerdict::kHealed);
}

TEST_F(HealerHoldTest, WhatDoesNotHelpStaysUntilTheNextRungIsVerified) {
  Overload(0);
  world_.service("orders").healed_by = {"restart"};
  world_.execution_time = 5s;
  while (world_.performed().empty() && world_.now() < samples::At(120)) world_.Run(500ms);
  ASSERT_EQ(world_.performed().size(), 1U) << world_.Story();
  world_.Run(6s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%") << world_.Story();
  world_.Run(60s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none");
}

TEST_F(HealerHoldTest, AfterTheLastRungItIsUndoneAndAHumanCalled) {
  Overload(0);
  world_.Run(3min);
  EXPECT_EQ(world_.Open("orders")->state, IncidentState::kEscalated);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << world_.Story();
  EXPECT_TRUE(world_.Open("orders")->overrides.empty());
}

TEST_F(HealerHoldTest, ABreakerIsJudgedByItsHalfOpenSteps) {
  world_.Break("orders");
  world_.service("orders").healed_by = {};
  world_.Deliver({Firing("Errors", "orders", "errors")});
  world_.Run(10s);
  EXPECT_EQ(gateway_->ValueAt(kBreaker), "100%");
  EXPECT_EQ(world_.Open("orders")->state, IncidentState::kReleasing) << world_.Story();
  world_.Run(10s);
  EXPECT_EQ(ValuesWrittenTo(kBreaker), (Values{"100%", "90%", "100%"})) << world_.Story();
  world_.service("orders").healthy = true;
  world_.Run(80s);
  EXPECT_EQ(ValuesWrittenTo(kBreaker), (Values{"100%", "90%", "100%", "90%", "50%", "none"}));
  EXPECT_EQ(world_.Open("orders")->attempts[0].verdict, ActionVerdict::kHealed);
}

TEST_F(HealerHoldTest, NothingIsHeldForeverWithoutData) {
  HoldWithoutData();
  world_.Run(14min);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%");
  world_.Run(2min);
  EXPECT_EQ(world_.Open("orders")->state, IncidentState::kEscalated) << world_.Story();
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none");
  EXPECT_TRUE(world_.Told("there have been no data for"));
}

TEST_F(HealerHoldTest, WhatIsKeptForAHumanStaysUntilThenEvenWhenAlertsAreSilent) {
  PolicySet policies = HoldingPolicies();
  policies.policies[1].ladder.pop_back();
  policies.policies[1].ladder[0].hold->keep_when_escalated = true;
  policies.unconfirmed_after = 1min;
  world_.Reconfigure(samples::HoldingConfig(gateway_, policies));
  Overload(0);
  Resolve(40s);
  world_.Run(10min);
  EXPECT_EQ(world_.Open("orders")->state, IncidentState::kEscalated) << world_.Story();
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%");
  gateway_->entries_.clear();  // The human is done.
  world_.Run(30s);
  EXPECT_EQ(world_.Open("orders"), nullptr) << world_.Story();
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none");
}

TEST_F(HealerHoldTest, WhatIsUpAgainBehindAnOpenBreakerIsJudgedByHalfOpenSteps) {
  world_.Break("orders");
  world_.service("orders").up_is_asked_by = "errors/restart";
  world_.Deliver({Firing("Errors", "orders", "errors")});
  while (!world_.Told("restart healed it") && world_.now() < samples::At(400)) world_.Run(500ms);
  ASSERT_EQ(world_.performed().size(), 1U) << world_.Story();
  world_.Run(2min);
  EXPECT_EQ(gateway_->ValueAt(kBreaker), "none") << world_.Story();
  EXPECT_EQ(world_.Open("orders")->attempts[1].verdict, ActionVerdict::kHealed);
}

TEST_F(HealerHoldTest, AReloadedGatewayGetsItBackAndAPersonsDecisionStays) {
  HoldWithoutData();
  gateway_->Reload();
  world_.Run(6s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%");
  EXPECT_TRUE(world_.Told("is in force again")) << world_.Story();
  gateway_->SetByHand(kThrottle, "75%");
  world_.Run(30s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "75%");
  EXPECT_TRUE(world_.Told("another writer has decided")) << world_.Story();
}

TEST_F(HealerHoldTest, PoliciesInShadowHoldNothing) {
  HoldWithoutData();
  PolicySet policies = HoldingPolicies();
  policies.policies[1].mode = Mode::kShadow;
  world_.Reconfigure(samples::HoldingConfig(gateway_, policies));
  world_.Run(5s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << world_.Story();
}

TEST_F(HealerHoldTest, AnActionThatIsGoneFromTheConfigurationIsStillUndone) {
  HoldWithoutData();
  world_.Reconfigure(samples::Config());
  world_.Run(5s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << world_.Story();
}

TEST_F(HealerHoldTest, AGatewayThatCannotBeReachedFailsTheRungAndTheNextOneActs) {
  gateway_->reachable = false;
  Overload(40);
  world_.service("orders").healed_by = {"restart"};
  world_.Run(30s);
  EXPECT_EQ(world_.performed().size(), 1U) << world_.Story();
  EXPECT_EQ(world_.Open("orders")->attempts[0].verdict, ActionVerdict::kFailed);
}

TEST_F(HealerHoldTest, AGatewayThatGoesAwayIsToldOnceAndTriedAgain) {
  HoldWithoutData();
  gateway_->reachable = false;
  world_.Run(60s);
  EXPECT_TRUE(world_.Told("could not be renewed")) << world_.Story();
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "none") << "expired, as it must";
  gateway_->reachable = true;
  world_.Run(20s);
  EXPECT_EQ(gateway_->ValueAt(kThrottle), "40%") << "still wanted";
}

TEST_F(HealerHoldTest, ShowsWhetherGatewaysAnswerAndWhenTheyLastDid) {
  world_.Run(1min);
  ASSERT_EQ(world_.Shown()->gateways.size(), 1U);
  EXPECT_TRUE(world_.Shown()->gateways.begin()->second.answers);
  const Time last = world_.Shown()->gateways.begin()->second.last_read;
  EXPECT_GE(last, world_.now() - 15s);
  gateway_->reachable = false;
  world_.Run(1min);
  EXPECT_FALSE(world_.Shown()->gateways.begin()->second.answers);
  EXPECT_LE(world_.Shown()->gateways.begin()->second.last_read, last + 15s);
  world_.Reconfigure(samples::Config());
  world_.Run(1s);
  EXPECT_TRUE(world_.Shown()->gateways.empty()) << "it is not ours any more";
}

TEST_F(HealerHoldTest, WhatIsOnNoRecordIsToldOnceAndLeftAlone) {
  const FakeGateway::Place other = {"throttle", "auth"};
  gateway_->SetByHand(other, "75%");
  Overload(40);
  world_.Run(60s);
  ASSERT_EQ(world_.orphans.size(), 1U) << "ours is none";
  EXPECT_EQ(world_.orphans[0].subject, "auth");
  EXPECT_EQ(world_.orphans[0].value, "75%");
  EXPECT_EQ(gateway_->ValueAt(other), "75%");
}

// A bad slot of several: drained, restarted while it is drained, and ready again.
class HealerInstanceTest : public HealerHoldTest {
 protected:
  static PolicySet InstancePolicies() {
    PolicySet set = HoldingPolicies();
    set.policies.insert(set.policies.begin(), samples::PolicyFor("errors", {"drain", "restart"}));
    set.policies[0].name = "instance";
    set.policies[0].match.push_back({"instance", "*-*"});
    set.policies[0].ladder[0].hold = SampleHold({});
    set.budgets.in_flight_per_service = 2;
    return set;
  }
  static std::shared_ptr<HealingConfig> InstanceConfig(
      const std::shared_ptr<FakeGateway>& gateway) {
    auto config = samples::HoldingConfig(gateway, InstancePolicies());
    config->optional_labels = {"instance"};
    return config;
  }
  HealerInstanceTest() { world_.Reconfigure(InstanceConfig(gateway_)); }

  static AlertNotice SlotAlert() {
    AlertNotice alert = Firing("BadSlot", "orders", "errors");
    alert.labels.Set("instance", "orders-1");
    return alert;
  }
  const Incident* OpenOf(const Labels& target) const {
    const auto entry = world_.ledger_file().entries.find(KeyOf(Incident{.target = target}));
    if (entry == world_.ledger_file().entries.end()) return nullptr;
    static Incident found;
    found = *DecodeIncident(entry->second.value);
    return &found;
  }

  const Labels slot_{{"service", "orders"}, {"instance", "orders-1"}};
  const FakeGateway::Place kSlot = {"state", "orders-1"};
};

TEST_F(HealerInstanceTest, IsDrainedRestartedMeanwhileAndReadyAgain) {
  world_.Break("orders");  // What is asked about stays bad until the restart.
  world_.service("orders").healed_by = {"restart"};
  world_.Deliver({SlotAlert()});
  std::string at_restart;
  for (int i = 0; i < 120 && world_.performed().empty(); ++i) {
    at_restart = gateway_->ValueAt(kSlot);
    world_.Run(500ms);
  }
  ASSERT_EQ(world_.performed().size(), 1U) << world_.Story();
  EXPECT_EQ(at_restart, "drain");
  world_.Run(40s);
  EXPECT_EQ(gateway_->ValueAt(kSlot), "none") << world_.Story();
  world_.Deliver({Resolved(SlotAlert(), 60)});
  world_.Run(10s);
  EXPECT_EQ(OpenOf(slot_), nullptr) << world_.Story();
  EXPECT_EQ(world_.Closed().at(0).outcome, Outcome::kHealed);
}

TEST_F(HealerInstanceTest, TheServiceWaitsForItUnlessItHasSomethingMoreSerious) {
  world_.service("orders").broken_slot = "orders-1";
  world_.Break("orders");
  world_.service("orders").healed_by = {};
  world_.Deliver({SlotAlert()});
  world_.Run(10s);
  ASSERT_EQ(gateway_->ValueAt(kSlot), "drain") << world_.Story();
  world_.service("orders").broken_slot = "";
  world_.Deliver({Firing("Slow", "orders", "latency")});
  world_.Run(4s);
  EXPECT_EQ(world_.Open("orders")->last_decision->reason, DecisionReason::kInstanceIncidentOpen)
      << world_.Story();
  EXPECT_TRUE(world_.Open("orders")->attempts.empty());
  world_.Deliver({Firing("Crash", "orders", "crash")});
  world_.Run(4s);
  EXPECT_EQ(world_.Open("orders")->attempts.at(0).action, "restart") << world_.Story();
}

// Threads for looking are few: throttles are renewed by the same.
TEST_F(HealerHoldTest, AGatewayThatHangsIsNotAskedAgainMeanwhile) {
  world_.Run(1s);
  const int each = world_.readings;
  EXPECT_GT(each, 0);
  world_.Run(60s);
  EXPECT_EQ(world_.readings, 7 * each) << "every ten seconds";
  world_.readings_hang = true;
  world_.Run(5min);
  EXPECT_EQ(world_.readings, 8 * each);
}

}  // namespace
}  // namespace promheal::healing
