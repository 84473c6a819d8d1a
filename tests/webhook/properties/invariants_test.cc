// The invariants of the healer, over thousands of random histories in which it dies at any of its
// ledger and executor calls, clocks jump, gateways are reloaded and people interfere. A history
// that breaks an invariant is reduced to the shortest that still breaks it. mutations.py lists
// changes of the code; each must make a test of this file fail.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/support/stride.h"
#include "tests/webhook/properties/story.h"

namespace promheal::healing {
namespace {

using namespace samples;

constexpr unsigned kHistories = 1500;
constexpr size_t kEvents = 24;

std::optional<std::string> FirstOf(const std::vector<Violation>& violations, Invariant invariant) {
  for (const Violation& violation : violations) {
    if (violation.invariant == invariant) return violation.text;
  }
  return std::nullopt;
}

// For each broken invariant the seed of the first history that breaks it. Plays each history once.
const std::map<Invariant, unsigned>& BrokenBy() {
  static const std::map<Invariant, unsigned> broken = [] {
    std::map<Invariant, unsigned> found;
    for (unsigned seed = 1; seed <= kHistories; seed += support::kStride) {
      for (const Violation& violation : Story().Tell(RandomHistory(seed, kEvents))) {
        found.try_emplace(violation.invariant, seed);
      }
    }
    return found;
  }();
  return broken;
}

struct Named {
  Invariant invariant;
  const char* name;
};

class InvariantTest : public testing::TestWithParam<Named> {};

TEST_P(InvariantTest, HoldsOverRandomHistories) {
  const auto broken = BrokenBy().find(GetParam().invariant);
  if (broken == BrokenBy().end()) return;
  const Check check = [](const History& history) {
    return FirstOf(Story().Tell(history), GetParam().invariant);
  };
  const History shortest = Shrink(RandomHistory(broken->second, kEvents), check);
  FAIL() << *check(shortest) << "\nseed " << broken->second << ", reduced to\n"
         << ToString(shortest);
}

INSTANTIATE_TEST_SUITE_P(
    Healer, InvariantTest,
    testing::Values(Named{Invariant::kBudgets, "BudgetsHold"},
                    Named{Invariant::kCooldowns, "TheSameActionAtMostOnceACooldown"},
                    Named{Invariant::kEveryAlertEnds, "EveryAlertEndsInOneOutcome"},
                    Named{Invariant::kLadder, "ClimbsAndThenFreezesTheTarget"},
                    Named{Invariant::kNothingIsLeft, "NothingIsLeftInForce"},
                    Named{Invariant::kOnlyOurs, "UndoLeavesTheSettingsOfOthers"},
                    Named{Invariant::kNoActionWhen, "NoActionWithoutAlertDataOrPermission"},
                    Named{Invariant::kProtected, "NeverOnProtectedTargets"},
                    Named{Invariant::kHostileLabels, "NeverWithAHostileLabel"}),
    [](const auto& named) { return named.param.name; });

TEST(InvariantTest, AnyOrderGroupingAndDuplicationLeadsToTheSameActions) {
  const Check check = [](const History& history) -> std::optional<std::string> {
    const auto actions = ActionsOf(history, 0);
    for (unsigned order = 1; order <= 2; ++order) {
      if (ActionsOf(history, order) != actions) return "order " + std::to_string(order);
    }
    return std::nullopt;
  };
  for (unsigned seed = 1; seed <= kHistories / 5; seed += support::kStride) {
    const History history =
        RandomHistory(seed, kEvents, {Happening::kBreak, Happening::kAlert, Happening::kResolve});
    if (!check(history)) continue;
    const History shortest = Shrink(history, check);
    FAIL() << *check(shortest) << " differs; seed " << seed << ", reduced to\n"
           << ToString(shortest);
  }
}

// The histories are eventful: everything in Happening occurs, and the healer acts on much of it.
TEST(InvariantTest, HistoriesAreEventful) {
  std::map<Happening, int> happened;
  std::set<std::string> actions;
  std::set<std::string> tables;
  int deaths = 0;
  int maintenances = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Story story;
    for (const Event& event : RandomHistory(seed, kEvents)) {
      ++happened[event.happening];
      story.Tell(event);
    }
    for (const World::Performed& performed : story.world().performed()) {
      actions.insert(performed.action);
    }
    for (const auto& [place, value] : story.gateway().written) tables.insert(place.first);
    deaths += story.world().deaths();
    const auto& log = story.world().log;
    maintenances += static_cast<int>(std::count_if(log.begin(), log.end(), [](const auto& line) {
      return line.find("in the maintenance window") != std::string::npos;
    }));
  }
  EXPECT_EQ(happened.size(), static_cast<size_t>(kHappeningCount));
  EXPECT_EQ(actions, (std::set<std::string>{"restart", "scale_out"}));
  EXPECT_EQ(tables, (std::set<std::string>{"breaker", "state", "throttle"}));
  EXPECT_GT(deaths, 50);
  EXPECT_GT(maintenances, 20);
}

TEST(ShrinkTest, KeepsOnlyTheNeededEvents) {
  const Check check = [](const History& history) -> std::optional<std::string> {
    int breaks = 0;
    for (const Event& event : history) {
      breaks += event.happening == Happening::kBreak && event.service == 1 ? 1 : 0;
    }
    return breaks >= 2 ? std::optional<std::string>("two") : std::nullopt;
  };
  const History shortest = Shrink(RandomHistory(3, 400), check);
  ASSERT_EQ(shortest.size(), 2U) << ToString(shortest);
  EXPECT_EQ(shortest[0].then, Duration(0));
}

}  // namespace
}  // namespace promheal::healing
