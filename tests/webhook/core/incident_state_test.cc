#include "webhook/core/incident_state.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>
#include <vector>

namespace promheal::healing {
namespace {

std::vector<IncidentEvent> AllEvents() {
  std::vector<IncidentEvent> events;
  for (size_t i = 0; i < kIncidentEventCount; ++i) events.push_back(static_cast<IncidentEvent>(i));
  return events;
}

std::set<IncidentState> Reachable(IncidentState from) {
  std::set<IncidentState> seen = {from};
  std::vector<IncidentState> open = {from};
  while (!open.empty()) {
    const IncidentState state = open.back();
    open.pop_back();
    for (const IncidentEvent event : AllEvents()) {
      const auto next = NextState(state, event);
      if (next && seen.insert(*next).second) open.push_back(*next);
    }
  }
  return seen;
}

TEST(IncidentStateTest, EveryStateCanBeReached) {
  EXPECT_EQ(Reachable(IncidentState::kCollecting).size(), kAllIncidentStates.size());
}

TEST(IncidentStateTest, EveryStateCanEnd) {
  for (const IncidentState state : kAllIncidentStates) {
    EXPECT_TRUE(Reachable(state).contains(IncidentState::kClosed)) << ToString(state);
  }
}

TEST(IncidentStateTest, ClosedIsTheEnd) {
  for (const IncidentEvent event : AllEvents()) {
    EXPECT_EQ(NextState(IncidentState::kClosed, event), std::nullopt) << static_cast<int>(event);
  }
}

TEST(IncidentStateTest, OnlyADecisionToHealLeadsToActing) {
  for (const IncidentState state : kAllIncidentStates) {
    for (const IncidentEvent event : AllEvents()) {
      if (state == IncidentState::kActing || NextState(state, event) != IncidentState::kActing) {
        continue;
      }
      EXPECT_EQ(state, IncidentState::kPending);
      EXPECT_EQ(event, IncidentEvent::kDecidedHeal);
    }
  }
}

TEST(IncidentStateTest, AnIncidentWithAnActionUnderWayNeverCloses) {
  for (const IncidentState state : kAllIncidentStates) {
    if (!IsActionInFlight(state)) continue;
    for (const IncidentEvent event : AllEvents()) {
      EXPECT_NE(NextState(state, event), IncidentState::kClosed)
          << ToString(state) << " " << static_cast<int>(event);
    }
  }
}

TEST(IncidentStateTest, OnceEscalatedNothingIsDecidedAnyMore) {
  for (const IncidentEvent event : AllEvents()) {
    const auto next = NextState(IncidentState::kEscalated, event);
    if (!next) continue;
    EXPECT_TRUE(*next == IncidentState::kEscalated || *next == IncidentState::kClosed)
        << static_cast<int>(event);
  }
}

TEST(IncidentStateTest, ARestartLeavesNoCallTakenForGranted) {
  for (const IncidentState state : kAllIncidentStates) {
    if (state == IncidentState::kClosed) continue;
    const auto next = NextState(state, IncidentEvent::kProgramRestarted);
    ASSERT_TRUE(next) << ToString(state);
    EXPECT_NE(*next, IncidentState::kActing) << ToString(state);
  }
}

TEST(IncidentStateTest, EveryStateHasItsOwnName) {
  std::set<std::string_view> names;
  for (const IncidentState state : kAllIncidentStates) names.insert(ToString(state));
  EXPECT_EQ(names.size(), kAllIncidentStates.size());
}

}  // namespace
}  // namespace promheal::healing
