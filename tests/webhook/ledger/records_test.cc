#include "webhook/ledger/records.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using samples::At;

HeldOverride FullOverride() {
  const OverrideChange change{.keeper = "/run/gateway.sock",
                              .subject = "orders",
                              .before = "none",
                              .after = "20%",
                              .earlier = {"40%"},
                              .run = "pid 1",
                              .expires_at = At(20)};
  return {.attempt_id = "orders-1/2",
          .policy = "latency",
          .rung = 1,
          .action = "throttle",
          .held = {.target = Labels{{"service", "orders"}}, .percent = 20, .changes = {change}},
          .phase = HoldPhase::kLifting,
          .full_percent = 40,
          .step = 1,
          .since = At(1),
          .step_since = At(2),
          .next_release = At(3),
          .tried_since = At(4),
          .relapses = 5,
          .relapsed = true};
}

Incident FullIncident() {
  const AlertRecord alert = samples::RecordOf(samples::Firing("Crash", "orders", "crash"));
  Incident incident;
  incident.id = "orders-1";
  incident.target = Labels{{"service", "orders"}};
  incident.state = IncidentState::kVerifying;
  incident.labels = alert.labels;
  incident.scenario = "crash";
  incident.alert_keys = {"alertmanager/1"};
  incident.attempts.push_back({.id = "orders-1/1",
                               .policy = "crash",
                               .rung = 1,
                               .action = "restart",
                               .intended_at = At(1),
                               .deadline = At(31),
                               .finished_at = At(2),
                               .state = AttemptState::kDone,
                               .verdict = ActionVerdict::kHealed,
                               .detail = "ok"});
  incident.attempts.push_back({.id = "orders-1/2", .holds = true});
  incident.skipped = {{"crash", 0}};
  incident.overrides.push_back(FullOverride());
  incident.last_decision = Decision{.kind = DecisionKind::kWait,
                                    .reason = DecisionReason::kCooldown,
                                    .policy = "crash",
                                    .rung = 1,
                                    .action = "restart",
                                    .until = At(60),
                                    .text = "did nothing yet"};
  incident.opened_at = At(0);
  incident.state_since = At(2);
  incident.resolved_at = At(3);
  incident.recovered_at = At(4);
  incident.escalated_at = At(5);
  incident.closed_at = At(6);
  incident.outcome = Outcome::kShadow;
  incident.outcome_reason = "shadow_mode";
  incident.timeline.push_back({.time = At(0),
                               .kind = TimelineKind::kDecision,
                               .text = "because \"x\" \n \\",
                               .fields = {{"reason", "cooldown"}}});
  incident.dropped_events = 7;
  return incident;
}

TEST(RecordsTest, ReadBackAsWritten) {
  AlertRecord alert = samples::RecordOf(samples::Firing("Crash", "orders", "crash"));
  alert.doubtful = true;
  alert.generator_url = "http://prometheus/graph?g0.expr=up";
  EXPECT_EQ(DecodeAlert(Encode(alert)), alert);
  EXPECT_EQ(DecodeIncident(Encode(FullIncident())), FullIncident());
  EXPECT_EQ(DecodeIncident(Encode(Incident{})), Incident{});
  const CooldownRecord cooldown{Labels{{"service", "orders"}},
                                "restart",
                                "orders-1/1",
                                At(60),
                                {{"orders-0/1", At(-600)}, {"orders-1/1", At(0)}}};
  EXPECT_EQ(DecodeCooldown(Encode(cooldown)), cooldown);
  const FrozenRecord frozen{Labels{{"service", "orders"}}, At(60), "ladder_exhausted"};
  EXPECT_EQ(DecodeFrozen(Encode(frozen)), frozen);
}

// As written before anything was held.
TEST(RecordsTest, OldRecordsHoldNothing) {
  std::string json = Encode(Incident{});
  const std::string none = "\"overrides\":[],";
  ASSERT_NE(json.find(none), std::string::npos);
  json.erase(json.find(none), none.size());
  EXPECT_EQ(DecodeIncident(json), Incident{});
}

TEST(RecordsTest, ShowWhatIsInForce) {
  const std::string json = Encode(FullIncident());
  for (const char* part :
       {R"("action":"throttle")", R"("percent":20)", R"("since":"2026-01-01T00:00:01.000Z")",
        R"("expires":"2026-01-01T00:00:20.000Z")", R"("step":1)"}) {
    EXPECT_NE(json.find(part), std::string::npos) << part;
  }
}

TEST(RecordsTest, SurviveBytesThatAreNotText) {
  AlertRecord alert;
  alert.annotations["summary"] = "caf\xe9";
  EXPECT_TRUE(DecodeAlert(Encode(alert)));
}

TEST(RecordsTest, SkipFieldsOfALaterVersion) {
  std::string json = Encode(FullIncident());
  json.insert(1, "\"hypothesis\":{\"cause\":\"payments\"},");
  EXPECT_EQ(DecodeIncident(json), FullIncident());
}

TEST(RecordsTest, DamageIsAnErrorThatNamesIt) {
  for (const char* json : {"", "{", "[]", "{}", R"({"id":5})", R"({"target":{"a":1}})"}) {
    const auto incident = DecodeIncident(json);
    ASSERT_FALSE(incident) << json;
    EXPECT_EQ(incident.error().code, ErrorCode::kDataLoss);
    EXPECT_EQ(incident.error().message.find("reading an incident: "), 0U);
  }
}

TEST(RecordsTest, OneOpenIncidentATargetAndClosedOnesByTime) {
  Incident incident = FullIncident();
  EXPECT_EQ(KeyOf(incident), "open/{service=\"orders\"}");
  incident.state = IncidentState::kClosed;
  EXPECT_EQ(KeyOf(incident), "closed/2026-01-01T00:00:06.000Z/orders-1");
}

}  // namespace
}  // namespace promheal::healing
