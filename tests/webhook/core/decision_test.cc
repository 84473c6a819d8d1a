#include "webhook/core/decision.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/webhook/core/samples.h"
#include "webhook/core/incident.h"

namespace promheal::healing {
namespace {

using samples::At;

// The input of a decision. By default: a crash of orders, 10 seconds after it opened, without any
// objection to healing it.
struct Situation {
  Incident incident;
  bool firing = true;
  PolicySet policies = samples::Policies();
  LedgerView ledger;
  BudgetUse budget;
  std::optional<Evidence> evidence;
  std::optional<std::string> infeasible;
  std::string busy_instance;
  std::vector<std::string> silenced_by;

  Situation() {
    incident.target = Labels{{"service", "orders"}};
    incident.labels = Labels{{"service", "orders"}, {"scenario", "crash"}};
    incident.state = IncidentState::kPending;
    incident.opened_at = At(0);
    incident.state_since = At(0);
    Say(DataVerdict::kNotRecovered);
  }
  void Say(DataVerdict verdict) { evidence = Evidence{verdict, At(9), "up is ?", "crash"}; }
  Policy& policy() { return policies.policies[0]; }
  Decision Decide() const {
    const Feasibility feasibility = [this](const std::string&, const Labels&) {
      return infeasible;
    };
    return healing::Decide({.incident = incident,
                            .any_alert_firing = firing,
                            .policies = policies,
                            .ledger = ledger,
                            .budget = budget,
                            .evidence = evidence,
                            .infeasible = feasibility,
                            .busy_instance = busy_instance,
                            .silenced_by = silenced_by},
                           At(10));
  }
};

struct Row {
  const char* sentence;
  std::function<void(Situation&)> change;
  DecisionReason reason;
};

Attempt Tried(size_t rung) {
  Attempt attempt;
  attempt.policy = "crash";
  attempt.rung = rung;
  attempt.state = AttemptState::kDone;
  return attempt;
}

const Row kRows[] = {
    // It heals.
    {"a crash that data confirm is healed by the first rung", [](Situation&) {},
     DecisionReason::kFirstRung},
    {"after the first rung did not help, the second is taken",
     [](Situation& s) {
       s.policy().ladder.push_back({.action = "replace"});
       s.incident.attempts = {Tried(0)};
     },
     DecisionReason::kNextRung},
    {"a rung with attempts left is taken again",
     [](Situation& s) {
       s.policy().ladder[0].attempts = 2;
       s.incident.attempts = {Tried(0)};
     },
     DecisionReason::kSameRungAgain},
    {"a cooldown of another action does not matter",
     [](Situation& s) { s.ledger.not_before["throttle"] = At(99); }, DecisionReason::kFirstRung},
    {"a cooldown that ends now is over",
     [](Situation& s) { s.ledger.not_before["restart"] = At(10); }, DecisionReason::kFirstRung},
    {"a freeze that ended does not matter", [](Situation& s) { s.ledger.frozen_until = At(10); },
     DecisionReason::kFirstRung},
    // It waits.
    {"nothing acts when no alert fires any more", [](Situation& s) { s.firing = false; },
     DecisionReason::kAlertsResolved},
    {"nothing acts while a person has paused it", [](Situation& s) { s.ledger.paused = Pause{}; },
     DecisionReason::kPaused},
    {"shadow is paused, too",
     [](Situation& s) {
       s.policy().mode = Mode::kShadow;
       s.ledger.paused = Pause{};
     },
     DecisionReason::kPaused},
    {"nothing acts in a maintenance window",
     [](Situation& s) { s.policies.maintenance = {samples::Deploys(0, 60)}; },
     DecisionReason::kMaintenance},
    {"nor does shadow pretend to",
     [](Situation& s) {
       s.policy().mode = Mode::kShadow;
       s.policies.maintenance = {samples::Deploys(0, 60)};
     },
     DecisionReason::kMaintenance},
    {"a pause comes before maintenance",
     [](Situation& s) {
       s.ledger.paused = Pause{};
       s.policies.maintenance = {samples::Deploys(0, 60)};
     },
     DecisionReason::kPaused},
    {"no human is called about a wait in maintenance",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(5);
       s.policies.maintenance = {samples::Deploys(0, 60)};
     },
     DecisionReason::kMaintenance},
    {"a maintenance window of another service does not matter",
     [](Situation& s) {
       s.policies.maintenance = {samples::Deploys(0, 60, {{"service", "auth"}})};
     },
     DecisionReason::kFirstRung},
    {"a maintenance window may be for a scenario",
     [](Situation& s) {
       s.policies.maintenance = {samples::Deploys(0, 60, {{"scenario", "crash|errors"}})};
     },
     DecisionReason::kMaintenance},
    {"nothing acts while its alerts are silenced", [](Situation& s) { s.silenced_by = {"5f3a"}; },
     DecisionReason::kSilenced},
    {"nothing acts before Prometheus has answered", [](Situation& s) { s.evidence.reset(); },
     DecisionReason::kNoEvidence},
    {"an old answer is no answer", [](Situation& s) { s.evidence->at = At(3); },
     DecisionReason::kNoEvidence},
    {"an answer to another question is no answer",
     [](Situation& s) { s.evidence->verification = "latency"; }, DecisionReason::kNoEvidence},
    {"nothing acts without data", [](Situation& s) { s.Say(DataVerdict::kUnknown); },
     DecisionReason::kNoData},
    {"an alert that data contradict is not acted upon",
     [](Situation& s) { s.Say(DataVerdict::kRecovered); }, DecisionReason::kDataSayHealthy},
    {"the platform goes first if the policy says so",
     [](Situation& s) { s.policy().wait_for_platform = std::chrono::seconds(30); },
     DecisionReason::kWaitForPlatform},
    {"the same action waits for its cooldown",
     [](Situation& s) { s.ledger.not_before["restart"] = At(11); }, DecisionReason::kCooldown},
    {"no third action if two may be in flight",
     [](Situation& s) {
       s.budget = {2, 0};
     },
     DecisionReason::kGlobalBudget},
    {"no second action on one service",
     [](Situation& s) {
       s.budget = {1, 1};
     },
     DecisionReason::kServiceBudget},
    {"no third action if two may begin within an hour",
     [](Situation& s) {
       s.policies.budgets.per_hour = 2;
       s.budget.last_hour = {At(-9), At(-8)};
     },
     DecisionReason::kHourlyBudget},
    {"no second action if its group may have one within an hour",
     [](Situation& s) {
       s.policies.budgets.per_hour_per_group = 1;
       s.budget.last_hour_in_group = {At(-9)};
     },
     DecisionReason::kGroupBudget},
    {"nothing begins in a storm", [](Situation& s) { s.budget.storm_until = At(11); },
     DecisionReason::kStorm},
    {"a storm that ends now is over", [](Situation& s) { s.budget.storm_until = At(10); },
     DecisionReason::kFirstRung},
    {"one of its instances is being healed, which may be enough",
     [](Situation& s) { s.busy_instance = "orders-1/orders"; },
     DecisionReason::kInstanceIncidentOpen},
    {"no action before the question whether enough remains healthy is asked",
     [](Situation& s) { s.policy().ladder[0].min_healthy = samples::Expect("sum(up)", ">= 1"); },
     DecisionReason::kNoEvidence},
    {"no action if too little would remain healthy",
     [](Situation& s) {
       s.policy().ladder[0].min_healthy = samples::Expect("sum(up)", ">= 1");
       s.evidence->answers["crash/0 restart/min_healthy"] = {DataVerdict::kNotRecovered, "0"};
     },
     DecisionReason::kMinHealthy},
    {"nor if data do not tell",
     [](Situation& s) {
       s.policy().ladder[0].min_healthy = samples::Expect("sum(up)", ">= 1");
       s.evidence->answers["crash/0 restart/min_healthy"] = {DataVerdict::kUnknown, "no data"};
     },
     DecisionReason::kMinHealthy},
    // It skips.
    {"a rung whose requirement does not hold is skipped",
     [](Situation& s) {
       s.policy().ladder[0].required = {samples::Expect("spare", "> 0")};
       s.evidence->answers["crash/0 restart/requires"] = {DataVerdict::kNotRecovered, "0"};
     },
     DecisionReason::kRequirementUnmet},
    {"but not as long as it waits for something else",
     [](Situation& s) {
       s.policy().ladder[0].required = {samples::Expect("spare", "> 0")};
       s.evidence->answers["crash/0 restart/requires"] = {DataVerdict::kNotRecovered, "0"};
       s.policy().wait_for_platform = std::chrono::seconds(30);
     },
     DecisionReason::kWaitForPlatform},
    {"after a rung that was skipped the next one is the first",
     [](Situation& s) {
       s.policy().ladder.push_back({.action = "replace"});
       s.incident.skipped = {{"crash", 0}};
     },
     DecisionReason::kFirstRung},
    {"if no rung may be used, a human is called",
     [](Situation& s) {
       s.incident.skipped = {{"crash", 0}};
     },
     DecisionReason::kLadderExhausted},
    // It refuses.
    {"an alert without a target is not healed", [](Situation& s) { s.incident.target = {}; },
     DecisionReason::kNoTarget},
    {"Prometheus is never acted upon",
     [](Situation& s) {
       s.incident.target = Labels{{"service", "prometheus"}};
     },
     DecisionReason::kProtectedTarget},
    {"an alert about Alertmanager's job is never acted upon",
     [](Situation& s) { s.incident.labels.Set("job", "alertmanager"); },
     DecisionReason::kProtectedTarget},
    {"nothing acts on what a person calls a false alarm",
     [](Situation& s) {
       s.incident.false_alarm = FalseAlarm{"alice", At(5), "", s.incident.scenario};
     },
     DecisionReason::kFalseAlarm},
    {"what has become something else since is no false alarm",
     [](Situation& s) {
       s.incident.false_alarm = FalseAlarm{"alice", At(5), "", "anomaly"};
     },
     DecisionReason::kFirstRung},
    {"without a policy nothing is done",
     [](Situation& s) { s.incident.labels.Set("scenario", "odd"); }, DecisionReason::kNoPolicy},
    {"a policy without a ladder only notifies", [](Situation& s) { s.policy().ladder.clear(); },
     DecisionReason::kNotifyOnly},
    {"a label that may not reach the command stops it",
     [](Situation& s) { s.infeasible = "label 'service' holds ';'"; },
     DecisionReason::kUnsafeLabel},
    {"shadow says what it would do", [](Situation& s) { s.policy().mode = Mode::kShadow; },
     DecisionReason::kShadowMode},
    {"recommend says what to do", [](Situation& s) { s.policy().mode = Mode::kRecommend; },
     DecisionReason::kRecommendMode},
    {"shadow waits where auto would wait",
     [](Situation& s) {
       s.policy().mode = Mode::kShadow;
       s.Say(DataVerdict::kUnknown);
     },
     DecisionReason::kNoData},
    // It calls a human.
    {"a frozen target is left alone", [](Situation& s) { s.ledger.frozen_until = At(11); },
     DecisionReason::kTargetFrozen},
    {"a target that a person froze is left alone, too",
     [](Situation& s) {
       s.ledger.frozen_until = At(11);
       s.ledger.frozen_by = "alice";
     },
     DecisionReason::kTargetFrozen},
    {"a pause does not hide that every rung has been tried",
     [](Situation& s) {
       s.incident.attempts = {Tried(0)};
       s.ledger.paused = Pause{};
     },
     DecisionReason::kLadderExhausted},
    {"after the last rung a human is called",
     [](Situation& s) { s.incident.attempts = {Tried(0)}; }, DecisionReason::kLadderExhausted},
    {"even when data are missing after the last rung",
     [](Situation& s) {
       s.incident.attempts = {Tried(0)};
       s.Say(DataVerdict::kUnknown);
     },
     DecisionReason::kLadderExhausted},
    {"but not when data say it is healthy",
     [](Situation& s) {
       s.incident.attempts = {Tried(0)};
       s.Say(DataVerdict::kRecovered);
     },
     DecisionReason::kDataSayHealthy},
    {"waiting for data has an end",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(10);
       s.Say(DataVerdict::kUnknown);
     },
     DecisionReason::kWaitedTooLong},
    {"waiting for a cooldown has an end",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(10);
       s.ledger.not_before["restart"] = At(99);
     },
     DecisionReason::kWaitedTooLong},
    {"shadow calls no human",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(10);
       s.policy().mode = Mode::kShadow;
       s.Say(DataVerdict::kUnknown);
     },
     DecisionReason::kNoData},
    {"a pause calls no human, however long it lasts",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(10);
       s.ledger.paused = Pause{};
       s.Say(DataVerdict::kUnknown);
     },
     DecisionReason::kPaused},
    {"nor does a storm, about which a human was called",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(10);
       s.budget.storm_until = At(11);
     },
     DecisionReason::kStorm},
    {"nor does a silence",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(10);
       s.silenced_by = {"5f3a"};
     },
     DecisionReason::kSilenced},
    {"waiting for the platform calls no human",
     [](Situation& s) {
       s.policy().escalate_after = std::chrono::seconds(10);
       s.policy().wait_for_platform = std::chrono::seconds(30);
     },
     DecisionReason::kWaitForPlatform},
};

TEST(DecisionTest, FollowsTheTable) {
  for (const Row& row : kRows) {
    Situation situation;
    row.change(situation);
    const Decision decision = situation.Decide();
    EXPECT_EQ(ToString(decision.reason), ToString(row.reason)) << row.sentence;
    EXPECT_EQ(decision.kind, KindOf(row.reason)) << row.sentence;
    EXPECT_FALSE(decision.text.empty()) << row.sentence;
  }
}

TEST(DecisionTest, TheTableKnowsEveryReason) {
  std::set<DecisionReason> seen;
  for (const Row& row : kRows) seen.insert(row.reason);
  EXPECT_EQ(seen.size(), kDecisionReasonCount);
}

TEST(DecisionTest, SaysWhyItDidNotActYet) {
  Situation situation;
  situation.ledger.not_before["restart"] = At(25);
  const Decision decision = situation.Decide();
  EXPECT_EQ(
      decision.text,
      "did nothing yet, because restart was done on orders not long ago; again in 15.0s at the "
      "earliest");
  EXPECT_EQ(decision.until, At(25));
  EXPECT_EQ(decision.policy, "crash");
  EXPECT_EQ(decision.action, "restart");
}

TEST(DecisionTest, SaysWhichMaintenanceAndUntilWhen) {
  Situation situation;
  situation.policies.maintenance = {samples::Deploys(0, 60)};
  const Decision decision = situation.Decide();
  EXPECT_EQ(decision.text,
            "did nothing yet, because it is in the maintenance window 'deploys', until "
            "2026-01-01T00:01:00.000Z");
  EXPECT_EQ(decision.until, At(60));
  situation.policies.maintenance[0].times = {{.years = {{2026, 2030}}}};
  const Decision endless = situation.Decide();
  EXPECT_EQ(endless.until, std::nullopt);
  EXPECT_EQ(endless.text,
            "did nothing yet, because it is in the maintenance window 'deploys', which has no end "
            "within a year");
}

TEST(DecisionTest, SaysWhoHasPausedItAndSinceWhen) {
  Situation situation;
  situation.ledger.paused = Pause{"alice", At(3), "release day"};
  EXPECT_EQ(situation.Decide().text,
            "did nothing yet, because healing is paused since 2026-01-01T00:00:03.000Z by alice, "
            "who said: release day");
}

TEST(DecisionTest, SaysWhichHourIsSpentAndWhenThereIsRoomAgain) {
  Situation situation;
  situation.policies.budgets.per_hour_per_group = 1;
  situation.budget.last_hour_in_group = {At(-60)};
  const Decision decision = situation.Decide();
  EXPECT_EQ(decision.text,
            "did nothing yet, because 1 actions were started within the last hour where service is "
            "'orders'");
  EXPECT_EQ(decision.until, At(3540));
}

TEST(DecisionTest, SaysWhichSilencesCoverIt) {
  Situation situation;
  situation.silenced_by = {"5f3a", "77c0"};
  EXPECT_EQ(situation.Decide().text,
            "did nothing yet, because all its alerts that fire are silenced: 5f3a, 77c0");
}

TEST(DecisionTest, TellsAFreezeByAPersonFromOneByAnExhaustedLadder) {
  Situation situation;
  situation.ledger.frozen_until = At(70);
  EXPECT_EQ(situation.Decide().text,
            "did nothing, because orders is frozen for another 1m: its ladder was exhausted: a "
            "human is needed");
  situation.ledger.frozen_by = "alice";
  situation.ledger.frozen_why = "moving house";
  EXPECT_EQ(situation.Decide().text,
            "did nothing, because orders is frozen for another 1m, by alice, who said: moving "
            "house: a human is needed");
}

TEST(DecisionTest, SaysItsActionAndTheReason) {
  EXPECT_EQ(Situation().Decide().text,
            "restart orders: first rung of policy 'crash', because up is ?");
}

TEST(DecisionTest, ReasonsReadBackAndBelongToOneKind) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < kDecisionReasonCount; ++i) {
    const auto reason = static_cast<DecisionReason>(i);
    EXPECT_EQ(ParseDecisionReason(ToString(reason)), reason);
    EXPECT_TRUE(!CallsHuman(reason) || KindOf(reason) == DecisionKind::kRefuse);
    names.insert(ToString(reason));
  }
  EXPECT_EQ(names.size(), kDecisionReasonCount);
}

}  // namespace
}  // namespace promheal::healing
