#include "webhook/core/incident.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"
#include "webhook/core/advance/outcome.h"
#include "webhook/core/ladder.h"

namespace promheal::healing {
namespace {

TEST(IncidentTest, IdsAreReadableSafeAndDifferByTargetAndTime) {
  const Labels orders{{"service", "orders"}};
  const std::string id = MakeIncidentId(orders, samples::Start());
  EXPECT_EQ(id.substr(0, 23), "orders-20260101-000000-");
  EXPECT_NE(id, MakeIncidentId(orders, samples::Start() + Duration(1)));
  EXPECT_EQ(MakeIncidentId(Labels{{"service", "../../etc \"Ä\""}}, samples::Start()).find("etc-20"),
            0U);
  EXPECT_EQ(MakeIncidentId(Labels{}, samples::Start()).find("unknown-"), 0U);
  EXPECT_NE(MakeIncidentId(Labels{{"service", "a/b"}}, samples::Start()),
            MakeIncidentId(Labels{{"service", "a b"}}, samples::Start()));
}

TEST(IncidentTest, ATimelineKeepsItsBeginningAndItsEnd) {
  Incident incident;
  for (size_t i = 0; i < kMaxTimelineEvents + 50; ++i) {
    AppendEvent(incident, {.text = std::to_string(i)});
  }
  EXPECT_EQ(incident.timeline.size(), kMaxTimelineEvents);
  EXPECT_EQ(incident.dropped_events, 50);
  EXPECT_EQ(incident.timeline.front().text, "0");
  EXPECT_EQ(incident.timeline.back().text, std::to_string(kMaxTimelineEvents + 49));
}

Attempt Used(const std::string& policy, size_t rung, AttemptState state = AttemptState::kDone) {
  Attempt attempt;
  attempt.policy = policy;
  attempt.rung = rung;
  attempt.state = state;
  return attempt;
}

TEST(LadderTest, ClimbsFromTheLeastDisruptiveRung) {
  Policy policy = samples::PolicyFor("latency", {"throttle", "scale_out"});
  policy.ladder[1].attempts = 2;
  Incident incident;
  const auto next = [&] { return NextRung(policy, incident); };
  EXPECT_EQ(next()->rung, 0U);
  EXPECT_EQ(next()->reason, DecisionReason::kFirstRung);
  incident.attempts = {Used("latency", 0)};
  EXPECT_EQ(next()->rung, 1U);
  EXPECT_EQ(next()->reason, DecisionReason::kNextRung);
  incident.attempts.push_back(Used("latency", 1, AttemptState::kFailed));
  EXPECT_EQ(next()->rung, 1U);
  EXPECT_EQ(next()->reason, DecisionReason::kSameRungAgain);
  incident.attempts.push_back(Used("latency", 1, AttemptState::kUnknown));
  EXPECT_EQ(next(), std::nullopt);
}

TEST(LadderTest, AttemptsOfAnotherPolicyDoNotCount) {
  Incident incident;
  incident.attempts = {Used("latency", 0)};
  EXPECT_EQ(NextRung(samples::PolicyFor("crash", {"restart"}), incident)->rung, 0U);
}

TEST(LadderTest, AnAttemptThatNeverHappenedIsRepeatedButNotForEver) {
  const Policy policy = samples::PolicyFor("crash", {"restart"});
  Incident incident;
  for (int i = 0; i < 2; ++i) {
    incident.attempts.push_back(Used("crash", 0, AttemptState::kNotHappened));
    EXPECT_TRUE(NextRung(policy, incident)) << i;
  }
  incident.attempts.push_back(Used("crash", 0, AttemptState::kNotHappened));
  EXPECT_FALSE(NextRung(policy, incident));
}

TEST(OutcomeTest, TellsEndingsApart) {
  struct Case {
    const char* sentence;
    void (*prepare)(Incident&);
    Closing closing;
    Outcome outcome;
    const char* reason;
  };
  const auto refuse = [](Incident& i, DecisionReason reason) {
    i.state = IncidentState::kWatching;
    i.last_decision = Decision{.kind = DecisionKind::kRefuse, .reason = reason};
  };
  static const auto kRefuse = refuse;
  const Case cases[] = {
      {"nothing was done and data say it is over", [](Incident&) {}, Closing::kConfirmed,
       Outcome::kRecovered, ""},
      {"our action helped",
       [](Incident& i) {
         i.attempts.push_back({.action = "restart", .verdict = ActionVerdict::kHealed});
       },
       Closing::kConfirmed, Outcome::kHealed, "restart"},
      {"our action did not help, it recovered later",
       [](Incident& i) {
         i.attempts.push_back({.action = "restart", .verdict = ActionVerdict::kIneffective});
       },
       Closing::kConfirmed, Outcome::kRecovered, ""},
      {"we would have acted", [](Incident& i) { kRefuse(i, DecisionReason::kShadowMode); },
       Closing::kConfirmed, Outcome::kShadow, "shadow_mode"},
      {"its policy only notifies", [](Incident& i) { kRefuse(i, DecisionReason::kNotifyOnly); },
       Closing::kUnconfirmed, Outcome::kSuppressed, "notify_only"},
      {"a human was called, who then repaired it",
       [](Incident& i) {
         i.escalated_at = samples::Start();
         i.last_decision =
             Decision{.kind = DecisionKind::kRefuse, .reason = DecisionReason::kLadderExhausted};
       },
       Closing::kConfirmed, Outcome::kEscalated, "ladder_exhausted"},
      {"alerts were resolved, and data never confirmed it", [](Incident&) {}, Closing::kUnconfirmed,
       Outcome::kEscalated, "unconfirmed"},
  };
  for (const Case& c : cases) {
    Incident incident;
    incident.state = IncidentState::kPending;
    c.prepare(incident);
    const Ending ending = EndingOf(incident, c.closing);
    EXPECT_EQ(ending.outcome, c.outcome) << c.sentence;
    EXPECT_EQ(ending.reason, c.reason) << c.sentence;
  }
}

}  // namespace
}  // namespace promheal::healing
