#include "webhook/healer/healer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/webhook/healer/world.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::Firing;
using samples::Resolved;
using samples::World;

TEST(HealerTest, HealsACrashOnceAndClosesTheIncidentAsHealed) {
  World world;
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(30s);
  ASSERT_EQ(world.performed().size(), 1U);
  EXPECT_EQ(world.performed()[0].action, "restart");
  EXPECT_EQ(world.performed()[0].time, samples::At(2)) << "right after the collection window";
  EXPECT_EQ(world.Open("orders")->state, IncidentState::kHolding) << "its alert still fires";
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 25)});
  world.Run(10s);
  EXPECT_EQ(world.Open("orders"), nullptr);
  ASSERT_EQ(world.Closed().size(), 1U);
  EXPECT_EQ(world.Closed()[0].outcome, Outcome::kHealed);
}

TEST(HealerTest, TheIntentIsDurableBeforeTheActionBegins) {
  World world;
  world.Break("orders");
  world.executor_answers = false;
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(3s);
  ASSERT_EQ(world.performed().size(), 1U);
  const Incident incident = *world.Open("orders");
  EXPECT_EQ(incident.state, IncidentState::kActing);
  EXPECT_EQ(incident.attempts[0].state, AttemptState::kIntended);
  EXPECT_TRUE(world.file().entries.contains("cooldown/{service=\"orders\"}/restart"));
}

TEST(HealerTest, AlertsOfOneTargetJoinOneIncident) {
  World world;
  world.Break("orders");
  world.Deliver({Firing("Drop", "orders", "traffic_drop")});
  world.Deliver({Firing("Errors", "orders", "errors")}, 500ms);
  world.Deliver({Firing("Crash", "orders", "crash")}, 1s);
  world.Run(20s);
  EXPECT_EQ(world.performed().size(), 1U);
  EXPECT_EQ(world.Open("orders")->scenario, "crash");
  EXPECT_EQ(world.Open("orders")->alert_keys.size(), 3U);
}

TEST(HealerTest, WhatAlwaysFiresIsHeardAndNeverAnIncident) {
  World world;
  world.Break("orders");
  world.Run(5s);
  const AlertNotice watchdog = Firing("PromhealWatchdog", "orders", "crash");
  world.Deliver({watchdog});
  world.Run(1min);
  EXPECT_EQ(world.watchdog_heard_at, samples::At(5));
  world.Deliver({Resolved(watchdog, 60)});
  for (int i = 0; i < 3; ++i) {
    world.Show({{.notice = watchdog}});
    world.Run(30s);
  }
  EXPECT_EQ(world.watchdog_heard_at, samples::At(5)) << "asking is not hearing";
  EXPECT_EQ(world.Open("orders"), nullptr);
  EXPECT_TRUE(world.Closed().empty());
  EXPECT_TRUE(world.performed().empty());
}

TEST(HealerTest, AFloodOfAlertsOfOneTargetIsOneStepOfItsIncident) {
  World world;
  world.Break("orders");
  std::vector<AlertNotice> flood(500, Firing("PodCrash", "orders", "errors"));
  for (size_t i = 0; i < flood.size(); ++i) flood[i].fingerprint = std::to_string(i);
  flood[300].labels.Set("scenario", "crash");
  world.Deliver(flood);
  world.Run(1s);
  EXPECT_EQ(world.Open("orders")->alert_keys.size(), 500U);
  EXPECT_EQ(world.Open("orders")->scenario, "crash");
  EXPECT_LE(world.records_told, 3) << "opened with the first, joined by all others at once, data";
  world.Run(20s);
  EXPECT_EQ(world.performed().size(), 1U);
}

TEST(HealerTest, RepeatsAndHighAvailabilityCopiesChangeNothing) {
  World world;
  world.Break("orders");
  for (int i = 0; i < 20; ++i) {
    world.Deliver({Firing("Crash", "orders", "crash")}, i * 700ms);
  }
  world.Run(60s);
  EXPECT_EQ(world.performed().size(), 1U);
}

TEST(HealerTest, ASecondCrashWithinTheCooldownWaitsForItsEnd) {
  World world;
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(20s);
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 18)});
  world.Run(5s);
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash", 26)}, 1s);
  world.Run(30s);
  EXPECT_EQ(world.performed().size(), 1U);
  EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kCooldown);
  world.Run(10s);
  ASSERT_EQ(world.performed().size(), 2U);
  EXPECT_EQ(world.performed()[1].time, samples::At(62)) << "60 s after the first intent";
}

// At any moment between the alert and its verification the clock is set back by an hour. The healer
// is not told, and may be killed and started again at the same moment.
TEST(HealerTest, AClockThatIsSetBackHoldsUpNothing) {
  for (const bool killed : {false, true}) {
    for (int second = 0; second < 12; ++second) {
      SCOPED_TRACE(testing::Message() << "after " << second << " s, killed: " << killed);
      PolicySet policies = samples::Policies();
      policies.policies[0].ladder[0].attempts = 2;
      World world(samples::Config(policies));
      world.Break("orders");
      world.Deliver({Firing("Crash", "orders", "crash", -3600)});
      world.Run(std::chrono::seconds(second));
      if (killed) world.Kill();
      world.SetClockBack(1h);
      world.Run(30s);
      EXPECT_EQ(world.performed().size(), 1U);
      ASSERT_NE(world.Open("orders"), nullptr);
      EXPECT_EQ(world.Open("orders")->state, IncidentState::kHolding);
      // The cooldown of a minute lasts neither much longer nor shorter.
      world.Break("orders");
      world.Run(std::chrono::seconds(28 - second));
      EXPECT_EQ(world.performed().size(), 1U);
      world.Run(20s);
      EXPECT_EQ(world.performed().size(), 2U);
    }
  }
}

TEST(HealerTest, OneServiceAtATimeWhereTheBudgetSaysSo) {
  PolicySet policies = samples::Policies();
  policies.budgets.in_flight = 1;
  World world(samples::Config(policies));
  world.Break("orders");
  world.Break("payments");
  world.Deliver({Firing("Crash", "orders", "crash"), Firing("Crash", "payments", "crash")});
  world.Run(4s);
  EXPECT_EQ(world.performed().size(), 1U);
  world.Run(30s);
  EXPECT_EQ(world.performed().size(), 2U);
}

TEST(HealerTest, ClimbsTheLadderAndFreezesAfterItsLastRung) {
  World world;
  world.Break("orders");
  world.service("orders").healed_by = {};
  world.Deliver({Firing("Slow", "orders", "latency")});
  world.Run(5min);
  std::vector<std::string> actions;
  for (const auto& performed : world.performed()) actions.push_back(performed.action);
  EXPECT_EQ(actions, (std::vector<std::string>{"throttle", "scale_out", "restart"}));
  EXPECT_EQ(world.Open("orders")->state, IncidentState::kEscalated);
  EXPECT_TRUE(world.file().entries.contains("frozen/{service=\"orders\"}"));
  // Somebody repairs it; it breaks again while frozen: a human again, no action.
  world.service("orders").healthy = true;
  world.Deliver({Resolved(Firing("Slow", "orders", "latency"), 301)}, 1s);
  world.Run(20s);
  EXPECT_EQ(world.Closed().at(0).outcome, Outcome::kEscalated);
  world.Break("orders");
  world.Deliver({Firing("Slow", "orders", "latency", 320)}, 1s);
  world.Run(5min);
  EXPECT_EQ(world.performed().size(), 3U);
  EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kTargetFrozen);
}

TEST(HealerTest, NothingActsWithoutData) {
  World world;
  world.Break("orders");
  world.service("orders").has_data = false;
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(60s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kNoData);
  world.service("orders").has_data = true;
  world.Run(10s);
  EXPECT_EQ(world.performed().size(), 1U);
}

TEST(HealerTest, AResolveForTheUnknownDoesNothing) {
  World world;
  world.Break("orders");
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 5)}, 6s);
  world.Run(30s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_EQ(world.Open("orders"), nullptr);
}

TEST(HealerTest, AnOldResolveDoesNotFireTheAlertOnceMore) {
  World world;
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash", 3)}, 4s);
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 2)}, 5s);
  world.Run(6s);
  const std::vector<TimelineEvent> timeline = world.Open("orders")->timeline;
  EXPECT_EQ(
      std::count_if(timeline.begin(), timeline.end(),
                    [](const TimelineEvent& event) { return event.kind == TimelineKind::kAlert; }),
      1);
}

TEST(HealerTest, AnAlertThatDataContradictEndsAsRecovered) {
  World world;
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(10s);
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 9)});
  world.Run(5s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_EQ(world.Closed().at(0).outcome, Outcome::kRecovered);
}

TEST(HealerTest, AnAlertWithoutATargetIsSuppressedAndSaysSo) {
  World world;
  AlertNotice notice = Firing("Odd", "", "crash");
  world.Deliver({notice});
  world.Run(10s);
  world.Deliver({Resolved(notice, 9)});
  world.Run(5s);
  EXPECT_EQ(world.Closed().at(0).outcome, Outcome::kSuppressed);
  EXPECT_EQ(world.Closed().at(0).outcome_reason, "no_target");
}

TEST(HealerTest, AHostileLabelIsRefusedBeforeAnyIntent) {
  World world;
  world.Break("hostile;");
  world.Deliver({Firing("Crash", "hostile;", "crash")});
  world.Run(10s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_EQ(world.Open("hostile;")->last_decision->reason, DecisionReason::kUnsafeLabel);
  EXPECT_TRUE(world.Open("hostile;")->attempts.empty());
}

TEST(HealerTest, ALostResolveEndsWhenTheAlertIsNotRepeatedAnyMore) {
  World world;
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(11h);
  ASSERT_NE(world.Open("orders"), nullptr);
  world.Run(2h);
  EXPECT_EQ(world.Open("orders"), nullptr);
  EXPECT_EQ(world.Closed().at(0).outcome, Outcome::kHealed);
}

TEST(HealerTest, ALedgerThatFailsTakesNothingInAndDoesNothing) {
  World world;
  world.Break("orders");
  world.ledger().before_commit = [] { return Fail(ErrorCode::kUnavailable, "disk full"); };
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(30s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_TRUE(world.log.empty()) << "nothing is told that is not durable";
  world.ledger().before_commit = [] { return Status(); };
  world.Run(30s);
  EXPECT_EQ(world.performed().size(), 1U) << "the sender tried again";
}

TEST(HealerTest, ALostCompareAndSetReadsTheLedgerAgain) {
  World world;
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(1s);
  // Another replica moves the incident behind our back.
  auto& entry = world.file().entries.at("open/{service=\"orders\"}");
  Incident incident = *DecodeIncident(entry.value);
  incident.scenario = "moved";
  incident.labels.Set("scenario", "moved");
  entry.value = Encode(incident);
  entry.revision = ++world.file().head;
  world.Run(20s);
  EXPECT_EQ(world.Open("orders")->scenario, "crash") << "named anew, from the alerts";
  EXPECT_EQ(world.performed().size(), 1U);
}

// Only remembers the calls that it was to start.
class RecordedCalls final : public Calls {
 public:
  void Start(CallRequest request) override { started.push_back(std::move(request)); }
  template <typename T>
  int Count() const {
    int count = 0;
    for (const CallRequest& one : started) count += std::holds_alternative<T>(one.call) ? 1 : 0;
    return count;
  }
  std::vector<CallRequest> started;
};

class DeafListener final : public HealerListener {
 public:
  void AlertAccepted(const AlertNotice&, AlertChange) override {}
  void Happened(const Incident&, const TimelineEvent&) override {}
  void FoundOrphan(const Orphan&) override {}
  void CarriedOut(const Order&, const OrderReport&) override {}
  void WasFalseAlarm(const Incident&) override {}
};

TEST(HealerTest, TwoHealersOverOneLedgerActOnce) {
  LedgerFile file;
  MemoryLedger ledgers[] = {MemoryLedger(file), MemoryLedger(file)};
  RecordedCalls calls[2];
  DeafListener listener;
  Healer first(ledgers[0], calls[0], listener, samples::Config());
  Healer second(ledgers[1], calls[1], listener, samples::Config());
  ASSERT_TRUE(first.Step({}, samples::At(0)));
  ASSERT_TRUE(second.Step({}, samples::At(0)));
  const HealerInput alert{.deliveries = {{.alerts = {Firing("Crash", "orders", "crash")}}}};
  EXPECT_EQ(first.Step(alert, samples::At(0)).error().code, ErrorCode::kFailedPrecondition)
      << "the second one's start stands in the audit trail";
  EXPECT_TRUE(first.Step(alert, samples::At(0)));
  EXPECT_EQ(second.Step(alert, samples::At(0)).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(second.Step(alert, samples::At(0))) << "read again, it is only a repeat";
  const auto answer = [&](const RecordedCalls& asked) {
    const CallRequest& request = asked.started.at(0);
    return HealerInput{
        .answers = {{request.incident_key, request.incident_id,
                     EvidenceGathered{{DataVerdict::kNotRecovered, samples::At(1), "", "crash"}},
                     std::nullopt}}};
  };
  EXPECT_TRUE(first.Step(answer(calls[0]), samples::At(2)));
  EXPECT_FALSE(second.Step(answer(calls[1]), samples::At(2))) << "the first was faster";
  EXPECT_EQ(calls[0].Count<ExecuteAction>() + calls[1].Count<ExecuteAction>(), 1);
}

TEST(HealerTest, PoliciesReloadedFromShadowToAutoActOnOpenIncidents) {
  PolicySet policies = samples::Policies();
  policies.policies[0].mode = Mode::kShadow;
  World world(samples::Config(policies));
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Run(20s);
  EXPECT_TRUE(world.performed().empty());
  EXPECT_EQ(world.Open("orders")->last_decision->reason, DecisionReason::kShadowMode);
  world.Reconfigure(samples::Config());
  world.Run(20s);
  EXPECT_EQ(world.performed().size(), 1U);
}

TEST(HealerTest, TheLedgerForgetsWhatIsLongOver) {
  World world;
  world.Break("orders");
  world.Deliver({Firing("Crash", "orders", "crash")});
  world.Deliver({Resolved(Firing("Crash", "orders", "crash"), 20)}, 21s);
  world.Run(1h);
  EXPECT_EQ(world.Closed().size(), 1U);
  world.Run(24h * 92);
  std::string keys;
  for (const auto& [key, entry] : world.file().entries) keys += key.substr(0, 6) + " ";
  EXPECT_EQ(keys, "audit/ audit_ audit_ ") << "but for where the audit trail ends and begins";
}

}  // namespace
}  // namespace promheal::healing
