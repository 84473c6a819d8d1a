#include "webhook/core/advance/advance.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using samples::At;
using samples::Firing;

// An incident of orders, advanced by hand. The test gives the answers.
class AdvanceTest : public testing::Test {
 protected:
  AdvanceTest() { Fire(Firing("Crash", "orders", "crash"), 0); }

  void Fire(const AlertNotice& notice, int now) {
    records_.push_back(std::make_unique<AlertRecord>(samples::RecordOf(notice, now)));
    alerts_.push_back(records_.back().get());
    if (incident_.id.empty()) {
      incident_ = OpenIncident(Labels{{"service", "orders"}}, *alerts_.back(), At(now));
      Send(TimePassed{}, now);
    } else {
      Send(AlertsJoined{{AlertKey(notice.source, notice.fingerprint)}}, now);
    }
  }
  void ResolveAll(int now) {
    for (auto& record : records_) record->resolved_until = At(now);
    Send(TimePassed{}, now);
  }
  void Send(const Stimulus& stimulus, int now) {
    advanced_ =
        Advance(incident_, watch_, stimulus,
                {policies_, alerts_, ledger_, budget_, infeasible_, at_percent_, ""}, At(now));
    for (const Effect& effect : advanced_.effects) {
      if (const auto* execute = std::get_if<ExecuteAction>(&effect)) executed_ = execute->action;
      executions_ += std::holds_alternative<ExecuteAction>(effect) ? 1 : 0;
      observations_ += std::holds_alternative<ObserveAction>(effect) ? 1 : 0;
      questions_ += std::holds_alternative<GatherEvidence>(effect) ? 1 : 0;
      if (const auto* gather = std::get_if<GatherEvidence>(&effect)) urgent_ = gather->urgent;
    }
  }
  void Say(DataVerdict verdict, int now, const std::string& verification = "crash") {
    Send(EvidenceGathered{{verdict, At(now), std::string(ToString(verdict)), verification}}, now);
  }
  void Finish(ActionResult result, int now) {
    Send(ExecutionFinished{executed_.id, {result, "detail"}}, now);
  }
  void Observe(Observation observation, int now) {
    Send(ObservationFinished{executed_.id, {observation, "seen"}}, now);
  }
  template <typename T>
  bool HasEffect() const {
    for (const Effect& effect : advanced_.effects) {
      if (std::holds_alternative<T>(effect)) return true;
    }
    return false;
  }
  // Until the restart has been ordered.
  void ReachActing() {
    Say(DataVerdict::kNotRecovered, 1);
    Send(TimePassed{}, 2);
    ASSERT_EQ(incident_.state, IncidentState::kActing);
  }
  void ReachVerifying() {
    ReachActing();
    Finish(ActionResult::kDone, 3);
    ASSERT_EQ(incident_.state, IncidentState::kVerifying);
  }

  PolicySet policies_ = samples::Policies();
  LedgerView ledger_;
  BudgetUse budget_;
  const Feasibility infeasible_ = [](const std::string&, const Labels&) { return std::nullopt; };
  const AtPercent at_percent_ = [](const std::string&, Override held, int percent) {
    held.percent = percent;
    return held;
  };
  std::vector<std::unique_ptr<AlertRecord>> records_;
  std::vector<const AlertRecord*> alerts_;
  Incident incident_;
  Watch watch_;
  Advanced advanced_;
  Action executed_;
  int executions_ = 0;
  int observations_ = 0;
  int questions_ = 0;
  bool urgent_ = false;  // The last question.
};

TEST_F(AdvanceTest, AsksPrometheusAtOnceAndDecidesWhenTheWindowIsOver) {
  EXPECT_TRUE(HasEffect<GatherEvidence>());
  EXPECT_EQ(advanced_.wake_at, At(2));
  Say(DataVerdict::kNotRecovered, 1);
  EXPECT_EQ(incident_.state, IncidentState::kCollecting);
  Send(TimePassed{}, 2);
  EXPECT_EQ(incident_.state, IncidentState::kActing);
  EXPECT_TRUE(HasEffect<StartCooldown>());
  EXPECT_EQ(executed_.name, "restart");
  EXPECT_EQ(executed_.labels.Get("service"), "orders");
  EXPECT_EQ(executed_.intended_at, At(2));
}

TEST_F(AdvanceTest, TheMostSeriousAlertOfTheWindowNamesTheIncident) {
  incident_ = {};
  alerts_.clear();
  Fire(Firing("Slow", "orders", "latency"), 0);
  Fire(Firing("Crash", "orders", "crash"), 1);
  EXPECT_EQ(incident_.scenario, "crash");
  Say(DataVerdict::kNotRecovered, 1);
  Send(TimePassed{}, 2);
  EXPECT_EQ(executed_.name, "restart");
  EXPECT_EQ(incident_.alert_keys.size(), 2U);
}

TEST_F(AdvanceTest, HealsVerifiesAndClosesWhenAlertsAreResolvedToo) {
  ReachVerifying();
  EXPECT_EQ(advanced_.wake_at, At(7)) << "settles for four seconds";
  Send(TimePassed{}, 7);
  EXPECT_TRUE(HasEffect<GatherEvidence>());
  Say(DataVerdict::kRecovered, 7);
  EXPECT_EQ(incident_.state, IncidentState::kVerifying) << "once is not twice in a row";
  Send(TimePassed{}, 9);
  Say(DataVerdict::kRecovered, 9);
  EXPECT_EQ(incident_.state, IncidentState::kHolding);
  EXPECT_EQ(incident_.attempts[0].verdict, ActionVerdict::kHealed);
  ResolveAll(15);
  EXPECT_EQ(incident_.state, IncidentState::kClosed);
  EXPECT_EQ(incident_.outcome, Outcome::kHealed);
  EXPECT_EQ(incident_.recovered_at, At(9));
  EXPECT_EQ(executions_, 1);
}

TEST_F(AdvanceTest, AQuestionThatVerifiesAnActionIsUrgentAnEarlierOneIsNot) {
  EXPECT_TRUE(HasEffect<GatherEvidence>());
  EXPECT_FALSE(urgent_);
  ReachVerifying();
  Send(TimePassed{}, 7);
  EXPECT_TRUE(urgent_);
}

TEST_F(AdvanceTest, AnswerFromBeforeTheActionHadSettledTellsNothing) {
  ReachVerifying();
  Say(DataVerdict::kRecovered, 6);
  Say(DataVerdict::kRecovered, 6);
  EXPECT_EQ(incident_.state, IncidentState::kVerifying);
}

TEST_F(AdvanceTest, AResolveIsOnlyAHint) {
  ReachVerifying();
  ResolveAll(5);
  EXPECT_EQ(incident_.state, IncidentState::kVerifying);
  Say(DataVerdict::kRecovered, 7);
  Say(DataVerdict::kRecovered, 9);
  EXPECT_EQ(incident_.outcome, Outcome::kHealed) << "data and alerts agree";
}

TEST_F(AdvanceTest, ResolvedAlertsWithoutDataNeverRecoverAndEndWithAHuman) {
  ResolveAll(1);
  Say(DataVerdict::kUnknown, 1);
  Send(TimePassed{}, 2);
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kAlertsResolved);
  Send(TimePassed{}, 1 + 1800);
  EXPECT_EQ(incident_.outcome, Outcome::kEscalated);
  EXPECT_EQ(incident_.outcome_reason, "unconfirmed");
  EXPECT_EQ(executions_, 0);
}

TEST_F(AdvanceTest, RecoveryWithoutActionIsToldApart) {
  Say(DataVerdict::kRecovered, 1);
  Send(TimePassed{}, 2);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kDataSayHealthy);
  Say(DataVerdict::kRecovered, 3);
  EXPECT_EQ(incident_.state, IncidentState::kHolding);
  ResolveAll(9);
  EXPECT_EQ(incident_.outcome, Outcome::kRecovered);
  EXPECT_EQ(executions_, 0);
}

TEST_F(AdvanceTest, IneffectiveClimbsAtOnce) {
  policies_.policies[0].ladder.push_back({.action = "replace"});
  ReachVerifying();
  Send(TimePassed{}, 7);
  Say(DataVerdict::kNotRecovered, 7);
  Send(TimePassed{}, 26);
  EXPECT_EQ(incident_.state, IncidentState::kVerifying) << "settle 4 s and timeout 20 s after 3 s";
  Say(DataVerdict::kNotRecovered, 26);
  Send(TimePassed{}, 27);
  EXPECT_EQ(incident_.attempts[0].verdict, ActionVerdict::kIneffective);
  EXPECT_EQ(incident_.state, IncidentState::kActing);
  EXPECT_EQ(executed_.name, "replace");
}

TEST_F(AdvanceTest, AfterTheLastRungTheTargetIsFrozenAndAHumanCalled) {
  ReachActing();
  Finish(ActionResult::kFailed, 3);
  EXPECT_EQ(incident_.state, IncidentState::kEscalated);
  EXPECT_TRUE(HasEffect<FreezeTarget>());
  EXPECT_EQ(incident_.attempts[0].verdict, ActionVerdict::kFailed);
  Say(DataVerdict::kRecovered, 9);
  ResolveAll(10);
  Say(DataVerdict::kRecovered, 11);
  EXPECT_EQ(incident_.outcome, Outcome::kEscalated);
  EXPECT_EQ(executions_, 1);
}

TEST_F(AdvanceTest, NoDataAfterAnActionIsUnknownAndNeverHealed) {
  policies_.policies[0].ladder.push_back({.action = "replace"});
  ReachVerifying();
  Send(TimePassed{}, 27);
  EXPECT_EQ(incident_.attempts[0].verdict, ActionVerdict::kUnknown);
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  EXPECT_EQ(executions_, 1) << "climbs only on data";
}

TEST_F(AdvanceTest, AfterTheLastRungWithoutDataItWaitsForThem) {
  ReachVerifying();
  Send(TimePassed{}, 27);
  EXPECT_EQ(incident_.attempts[0].verdict, ActionVerdict::kUnknown);
  EXPECT_EQ(incident_.state, IncidentState::kPending) << "it is unknown whether it helped";
  EXPECT_FALSE(HasEffect<FreezeTarget>());
  Say(DataVerdict::kUnknown, 28);
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  Say(DataVerdict::kNotRecovered, 30);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kLadderExhausted);
  EXPECT_TRUE(HasEffect<FreezeTarget>());
}

TEST_F(AdvanceTest, AfterTheLastRungWithoutDataForTooLongAHumanIsCalled) {
  ReachVerifying();
  Send(TimePassed{}, 27);
  const auto patience =
      std::chrono::duration_cast<std::chrono::seconds>(policies_.policies[0].escalate_after);
  Send(TimePassed{}, 27 + static_cast<int>(patience.count()));
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kWaitedTooLong);
  EXPECT_FALSE(HasEffect<FreezeTarget>());
}

TEST_F(AdvanceTest, ARelapseIsTheSameIncidentAndClimbs) {
  policies_.policies[0].ladder.push_back({.action = "replace"});
  ReachVerifying();
  Say(DataVerdict::kRecovered, 7);
  Say(DataVerdict::kRecovered, 9);
  Say(DataVerdict::kNotRecovered, 11);
  EXPECT_EQ(incident_.state, IncidentState::kHolding) << "one bad answer is not twice in a row";
  Say(DataVerdict::kNotRecovered, 13);
  EXPECT_EQ(incident_.state, IncidentState::kActing);
  EXPECT_EQ(executed_.name, "replace");
  EXPECT_EQ(incident_.attempts[0].verdict, ActionVerdict::kIneffective);
}

TEST_F(AdvanceTest, AnUnknownOutcomeIsObservedNotRepeated) {
  ReachActing();
  Finish(ActionResult::kUnknown, 32);
  EXPECT_EQ(incident_.state, IncidentState::kObserving);
  EXPECT_EQ(observations_, 1);
  Observe(Observation::kHappened, 33);
  EXPECT_EQ(incident_.state, IncidentState::kVerifying);
  EXPECT_EQ(executions_, 1);
}

TEST_F(AdvanceTest, AfterARestartTheIntentIsObserved) {
  ReachActing();
  watch_ = {};
  Send(ProgramRestarted{}, 4);
  EXPECT_EQ(incident_.state, IncidentState::kObserving);
  EXPECT_TRUE(HasEffect<ObserveAction>());
  EXPECT_EQ(executions_, 1);
}

TEST_F(AdvanceTest, NotHappenedIsFinalOnlyAfterTheDeadline) {
  ReachActing();  // Intended at 2 s with a deadline 30 s later.
  watch_ = {};
  Send(ProgramRestarted{}, 4);
  Observe(Observation::kNotHappened, 5);
  EXPECT_EQ(incident_.state, IncidentState::kObserving) << "the old command may still be running";
  Send(TimePassed{}, 6);
  EXPECT_TRUE(HasEffect<ObserveAction>());
  Observe(Observation::kNotHappened, 34);
  EXPECT_EQ(incident_.state, IncidentState::kObserving) << "it is ended soon after its deadline";
  Observe(Observation::kNotHappened, 35);
  EXPECT_EQ(incident_.attempts[0].state, AttemptState::kNotHappened);
  EXPECT_TRUE(HasEffect<VoidCooldown>());
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  Say(DataVerdict::kNotRecovered, 36);
  EXPECT_EQ(incident_.state, IncidentState::kActing) << "the same rung once more";
  EXPECT_EQ(executions_, 2);
}

TEST_F(AdvanceTest, NotHappenedAndRecoveredMeanwhileNeedsNoAction) {
  ReachActing();
  Send(ProgramRestarted{}, 4);
  Observe(Observation::kNotHappened, 35);
  Say(DataVerdict::kRecovered, 36);
  Say(DataVerdict::kRecovered, 38);
  EXPECT_EQ(incident_.state, IncidentState::kHolding);
  EXPECT_EQ(executions_, 1);
}

TEST_F(AdvanceTest, ALostAnswerIsObserved) {
  ReachActing();
  Send(TimePassed{}, 2 + 30 + 30);
  EXPECT_EQ(incident_.state, IncidentState::kObserving);
}

TEST_F(AdvanceTest, StaleAnswersChangeNothing) {
  ReachVerifying();
  const Incident before = incident_;
  Send(ExecutionFinished{executed_.id, {ActionResult::kFailed, "late"}}, 4);
  Send(ObservationFinished{executed_.id, {Observation::kNotHappened, "late"}}, 4);
  Send(ExecutionFinished{"other/1", {ActionResult::kDone, ""}}, 4);
  Say(DataVerdict::kRecovered, 8, "latency");
  EXPECT_EQ(incident_, before);
}

TEST_F(AdvanceTest, ShadowWatchesAndSaysWhatItWouldHaveDone) {
  policies_.policies[0].mode = Mode::kShadow;
  Say(DataVerdict::kNotRecovered, 1);
  Send(TimePassed{}, 2);
  EXPECT_EQ(incident_.state, IncidentState::kWatching);
  EXPECT_EQ(incident_.last_decision->text,
            "did nothing, because policy 'crash' is in mode shadow: would restart orders");
  ResolveAll(10);
  Say(DataVerdict::kRecovered, 11);
  Say(DataVerdict::kRecovered, 13);
  EXPECT_EQ(incident_.outcome, Outcome::kShadow);
  EXPECT_EQ(executions_, 0);
}

TEST_F(AdvanceTest, AMoreSeriousAlertWakesARefusedIncident) {
  policies_.policies[1].mode = Mode::kShadow;
  incident_ = {};
  alerts_.clear();
  Fire(Firing("Slow", "orders", "latency"), 0);
  Say(DataVerdict::kNotRecovered, 1, "latency");
  Send(TimePassed{}, 2);
  ASSERT_EQ(incident_.state, IncidentState::kWatching);
  Fire(Firing("Crash", "orders", "crash"), 5);
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  EXPECT_TRUE(HasEffect<GatherEvidence>()) << "the crash policy asks something else";
  Say(DataVerdict::kNotRecovered, 6);
  EXPECT_EQ(executed_.name, "restart");
}

// An early warning only notifies; the same trouble with a higher severity is healed.
TEST_F(AdvanceTest, AnIncidentThatOnlyNotifiedIsHealedOnceItIsMoreSevere) {
  policies_.policies[0].match.push_back({"severity", "critical"});
  policies_.policies.push_back({.name = "early", .match = {{"severity", "warning"}}});
  incident_ = {};
  alerts_.clear();
  AlertNotice early = Firing("Trend", "orders", "crash");
  early.labels.Set("severity", "warning");
  Fire(early, 0);
  Send(TimePassed{}, 2);
  ASSERT_EQ(incident_.state, IncidentState::kWatching);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kNotifyOnly);
  Fire(Firing("Crash", "orders", "crash"), 60);
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  Say(DataVerdict::kNotRecovered, 61);
  EXPECT_EQ(executed_.name, "restart");
}

TEST_F(AdvanceTest, AWatchedIncidentIsRenamedOnceItsNamingAlertResolves) {
  policies_.policies[0].ladder.clear();
  Send(TimePassed{}, 2);
  ASSERT_EQ(incident_.state, IncidentState::kWatching);
  records_[0]->resolved_until = At(5);
  Fire(Firing("Slow", "orders", "latency"), 6);
  EXPECT_EQ(incident_.scenario, "latency");
  EXPECT_EQ(incident_.state, IncidentState::kPending);
}

TEST_F(AdvanceTest, WithoutAPolicyItClosesWithItsAlerts) {
  policies_.policies.clear();
  Send(TimePassed{}, 2);
  EXPECT_EQ(incident_.state, IncidentState::kWatching);
  ResolveAll(9);
  EXPECT_EQ(incident_.outcome, Outcome::kSuppressed);
  EXPECT_EQ(incident_.outcome_reason, "no_policy");
}

TEST_F(AdvanceTest, ReloadedPoliciesAreAskedAgain) {
  policies_.policies[0].mode = Mode::kShadow;
  Say(DataVerdict::kNotRecovered, 1);
  Send(TimePassed{}, 2);
  policies_.policies[0].mode = Mode::kAuto;
  Send(PoliciesChanged{}, 5);
  Say(DataVerdict::kNotRecovered, 6);
  EXPECT_EQ(incident_.state, IncidentState::kActing);
}

TEST_F(AdvanceTest, RepeatedWaitsAreToldOnce) {
  budget_ = {9, 0};
  Say(DataVerdict::kNotRecovered, 1);
  for (int i = 2; i < 8; ++i) Say(DataVerdict::kNotRecovered, i);
  int decisions = 0;
  for (const TimelineEvent& event : incident_.timeline) {
    decisions += event.kind == TimelineKind::kDecision ? 1 : 0;
  }
  EXPECT_EQ(decisions, 1);
  EXPECT_FALSE(advanced_.changed) << "nothing new, nothing to write";
}

TEST_F(AdvanceTest, TheTimelineTellsTheWholeStory) {
  ReachVerifying();
  Say(DataVerdict::kRecovered, 7);
  Say(DataVerdict::kRecovered, 9);
  ResolveAll(15);
  std::vector<std::string> kinds;
  for (const TimelineEvent& event : incident_.timeline) kinds.emplace_back(ToString(event.kind));
  EXPECT_EQ(kinds, (std::vector<std::string>{"alert", "verification", "decision", "intent",
                                             "action", "verification", "verification", "verdict",
                                             "alert", "closed"}));
}

TEST_F(AdvanceTest, AfterAPauseTheWaitForAHumanBeginsAgain) {
  policies_.policies[0].escalate_after = std::chrono::seconds(60);
  ledger_.paused = Pause{"alice", At(0), "release day"};
  Send(TimePassed{}, 2);
  for (int now = 10; now < 500; now += 10) Say(DataVerdict::kNotRecovered, now);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kPaused);
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  EXPECT_EQ(executions_, 0);
  ledger_.paused.reset();
  Say(DataVerdict::kUnknown, 500);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kNoData);
  Say(DataVerdict::kUnknown, 559);
  EXPECT_EQ(incident_.state, IncidentState::kPending);
  Say(DataVerdict::kUnknown, 560);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kWaitedTooLong);
}

TEST_F(AdvanceTest, WakesAndActsWhenTheMaintenanceIsOver) {
  policies_.maintenance = {samples::Deploys(0, 60)};
  Say(DataVerdict::kNotRecovered, 1);
  Send(TimePassed{}, 2);
  EXPECT_EQ(incident_.last_decision->reason, DecisionReason::kMaintenance);
  Say(DataVerdict::kNotRecovered, 59);
  EXPECT_EQ(executions_, 0);
  EXPECT_EQ(advanced_.wake_at, At(60));
  Send(TimePassed{}, 60);
  EXPECT_EQ(executions_, 1);
}

TEST_F(AdvanceTest, AMaintenanceWhoseEndWasMovedIsToldAgainAndOtherwiseOnlyOnce) {
  policies_.maintenance = {samples::Deploys(0, 60)};
  Say(DataVerdict::kNotRecovered, 1);
  Send(TimePassed{}, 2);
  Say(DataVerdict::kNotRecovered, 3);
  EXPECT_FALSE(advanced_.changed);
  policies_.maintenance = {samples::Deploys(0, 120)};
  Send(PoliciesChanged{}, 4);
  EXPECT_EQ(incident_.last_decision->until, At(120));
}

TEST_F(AdvanceTest, ActsWhenThePauseIsOver) {
  ledger_.paused = Pause{"alice", At(0), ""};
  Say(DataVerdict::kNotRecovered, 1);
  Send(TimePassed{}, 2);
  EXPECT_EQ(executions_, 0);
  ledger_.paused.reset();
  Send(TimePassed{}, 3);
  EXPECT_EQ(executions_, 1);
}

}  // namespace
}  // namespace promheal::healing
