#include "webhook/state/open_incidents.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using samples::At;

std::shared_ptr<const Incident> Of(Labels target, IncidentState state,
                                   const std::string& scenario = "crash") {
  Incident incident;
  incident.target = std::move(target);
  incident.state = state;
  incident.scenario = scenario;
  return std::make_shared<const Incident>(std::move(incident));
}

Labels Service(const std::string& name) { return {{"service", name}}; }
Labels Instance(const std::string& service, const std::string& instance) {
  return {{"service", service}, {"instance", instance}};
}

class OpenIncidentsTest : public testing::Test {
 protected:
  OpenIncidents open_;
};

TEST_F(OpenIncidentsTest, AFreshOneIsDueAtOnce) {
  open_.Put("a", Of(Service("a"), IncidentState::kCollecting));
  EXPECT_EQ(open_.Due(At(0)), std::vector<std::string>{"a"});
}

TEST_F(OpenIncidentsTest, IsDueWhenItsTimeHasComeAndNotBefore) {
  for (const char* key : {"c", "a", "b"}) open_.Put(key, Of(Service(key), IncidentState::kPending));
  open_.WakeAt("a", At(30));
  open_.WakeAt("b", At(10));
  open_.WakeAt("c", At(5));
  EXPECT_EQ(open_.NextWake(At(60)), At(5));
  EXPECT_EQ(open_.NextWake(At(1)), At(1));
  EXPECT_TRUE(open_.Due(At(4)).empty());
  EXPECT_EQ(open_.Due(At(10)), (std::vector<std::string>{"b", "c"})) << "in order of their keys";
  open_.WakeAt("c", At(40));
  EXPECT_EQ(open_.Due(At(30)), (std::vector<std::string>{"a", "b"}));
}

TEST_F(OpenIncidentsTest, OneThatIsGoneIsNeverDueAndCountsNowhere) {
  open_.Put("a", Of(Service("a"), IncidentState::kActing));
  open_.Remove("a");
  open_.WakeAt("a", At(1));
  EXPECT_FALSE(open_.Contains("a"));
  EXPECT_TRUE(open_.Due(At(100)).empty());
  EXPECT_TRUE(open_.in_flight().empty());
  EXPECT_EQ(open_.NextWake(At(60)), At(60));
}

TEST_F(OpenIncidentsTest, WhatIsPlannedMovesWithTheClock) {
  open_.Put("a", Of(Service("a"), IncidentState::kPending));
  open_.WakeAt("a", At(3600));
  open_.SetBack(std::chrono::hours(1));
  EXPECT_EQ(open_.Due(At(0)), std::vector<std::string>{"a"});
}

TEST_F(OpenIncidentsTest, BudgetsCountTheOthersThatHaveAnActionUnderWay) {
  open_.Put("a1", Of(Instance("a", "1"), IncidentState::kActing));
  open_.Put("a2", Of(Instance("a", "2"), IncidentState::kVerifying));
  open_.Put("b", Of(Service("b"), IncidentState::kObserving));
  open_.Put("c", Of(Service("c"), IncidentState::kPending));
  const BudgetUse use = UseWithout(open_, "a1", Instance("a", "1"), Budgets());
  EXPECT_EQ(use.in_flight, 2);
  EXPECT_EQ(use.in_flight_on_service, 1);
  open_.Put("b", Of(Service("b"), IncidentState::kHolding));
  EXPECT_EQ(UseWithout(open_, "a1", Instance("a", "1"), Budgets()).in_flight, 1);
}

TEST_F(OpenIncidentsTest, APartThatIsHealedForSomethingAsSeriousKeepsItsTargetBusy) {
  const ScenarioPrecedence precedence = {"crash", "errors", "latency"};
  const auto whole = Of(Service("a"), IncidentState::kPending, "errors");
  open_.Put("a", whole);
  EXPECT_EQ(open_.BusyPartOf(*whole, precedence), "");
  open_.Put("a1", Of(Instance("a", "1"), IncidentState::kActing, "latency"));
  EXPECT_EQ(open_.BusyPartOf(*whole, precedence), "") << "for something less serious";
  open_.Put("a1", Of(Instance("a", "1"), IncidentState::kActing, "crash"));
  EXPECT_EQ(open_.BusyPartOf(*whole, precedence), Instance("a", "1").ToDisplayName());
  open_.Put("a1", Of(Instance("a", "1"), IncidentState::kHolding, "crash"));
  EXPECT_EQ(open_.BusyPartOf(*whole, precedence), "") << "nothing is held";
}

TEST_F(OpenIncidentsTest, KnowsWhoHoldsSomething) {
  Incident incident = *Of(Service("a"), IncidentState::kHolding);
  incident.overrides.push_back({.action = "throttle"});
  open_.Put("a", std::make_shared<const Incident>(incident));
  EXPECT_TRUE(open_.holding().contains("a"));
  incident.overrides.clear();
  open_.Put("a", std::make_shared<const Incident>(incident));
  EXPECT_FALSE(open_.holding().contains("a"));
}

}  // namespace
}  // namespace promheal::healing
