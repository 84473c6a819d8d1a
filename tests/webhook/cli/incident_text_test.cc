#include "webhook/cli/incident_text.h"

#include <gtest/gtest.h>

#include "webhook/cli/healer_client.h"
#include "webhook/cli/incident_list.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

const Time kOpened = ParseRfc3339("2026-01-02T03:04:05Z").value();

Incident HealedCrash() {
  Incident incident;
  incident.id = "orders-20260102-030405-aa";
  incident.target = Labels{{"service", "orders"}};
  incident.labels = Labels{{"service", "orders"}, {"alertname", "ServiceCrash"}};
  incident.scenario = "crash";
  incident.opened_at = kOpened;
  incident.recovered_at = kOpened + 12s;
  incident.closed_at = kOpened + 47s;
  incident.state = IncidentState::kClosed;
  incident.outcome = Outcome::kHealed;
  incident.outcome_reason = "restart";
  incident.attempts = {{.id = "1",
                        .action = "restart",
                        .state = AttemptState::kDone,
                        .verdict = ActionVerdict::kHealed}};
  incident.timeline = {
      {.time = kOpened, .kind = TimelineKind::kAlert, .text = "ServiceCrash fires"},
      {.time = kOpened + 1500ms, .kind = TimelineKind::kIntent, .text = "restart orders"}};
  return incident;
}

TEST(IncidentTextTest, ALineAnIncidentUnderAHeadWithAlignedColumns) {
  Incident open;
  open.id = "db-1";
  open.target = Labels{{"service", "db"}};
  open.state = IncidentState::kWatching;
  open.opened_at = kOpened;
  open.last_decision = Decision{.kind = DecisionKind::kRefuse, .reason = DecisionReason::kNoPolicy};
  EXPECT_EQ(
      IncidentTable({open, HealedCrash()}, kOpened + 3h),
      "TARGET  STATE     SCENARIO  OPENED (UTC)         LASTED  ACTIONS          ID AND REASON\n"
      "db      watching  -         2026-01-02 03:04:05  3h      none             db-1  no_policy\n"
      "orders  healed    crash     2026-01-02 03:04:05  47.0s   restart: healed  "
      "orders-20260102-030405-aa  restart\n");
}

TEST(IncidentTextTest, SaysWhereThereAreNone) {
  EXPECT_EQ(IncidentTable({}, kOpened), "No incidents.\n");
}

TEST(IncidentTextTest, ExplainsStepByStep) {
  EXPECT_EQ(Explanation(HealedCrash()),
            "orders-20260102-030405-aa\n"
            "\n"
            "  target    orders\n"
            "  state     healed\n"
            "  scenario  crash\n"
            "  named by  ServiceCrash\n"
            "  opened    2026-01-02 03:04:05 UTC\n"
            "  recovered after 12.0s\n"
            "  closed    after 47.0s\n"
            "  actions   restart: healed\n"
            "\n"
            "      +0.0s  alert         ServiceCrash fires\n"
            "      +1.5s  intent        restart orders\n");
}

TEST(IncidentTextTest, WhatAnAlertSaysDoesNotDriveTheTerminal) {
  Incident incident = HealedCrash();
  incident.target = Labels{{"service", "a\x1b[31mb\r\nc"}};
  for (const std::string& text : {Explanation(incident), IncidentTable({incident}, kOpened)}) {
    EXPECT_NE(text.find("a?[31mb??c"), std::string::npos) << text;
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
  }
}

TEST(IncidentListTest, ReadsWhatTheApiAnswers) {
  const auto incidents = DecodeIncidentList("{\"incidents\":[" + Encode(HealedCrash()) + "," +
                                            Encode(HealedCrash()) + "]}");
  ASSERT_TRUE(incidents) << incidents.error().message;
  ASSERT_EQ(incidents->size(), 2U);
  EXPECT_EQ(incidents->at(0), HealedCrash());
}

TEST(IncidentListTest, RefusesWhatIsNone) {
  for (const char* body :
       {"", "<html>", "[]", "{}", R"({"incidents":{}})", R"({"incidents":[1]})"}) {
    EXPECT_FALSE(DecodeIncidentList(body)) << body;
  }
}

}  // namespace
}  // namespace promheal::healing
