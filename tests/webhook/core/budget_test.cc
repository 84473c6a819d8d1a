#include "webhook/core/budget.h"

#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"
#include "webhook/core/cooldown.h"
#include "webhook/core/recent_actions.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::At;

TEST(BudgetTest, NamesTheLimitThatIsReached) {
  const Budgets budgets{.in_flight = 2, .in_flight_per_service = 1};
  EXPECT_FALSE(FindExhausted(budgets, {1, 0}));
  EXPECT_EQ(FindExhausted(budgets, {2, 0})->limit, BudgetLimit::kInFlight);
  EXPECT_EQ(FindExhausted(budgets, {1, 1})->limit, BudgetLimit::kInFlightOnService);
}

TEST(BudgetTest, AnHoursActionsMakeRoomOneByOne) {
  Budgets budgets;
  budgets.per_hour = 2;
  BudgetUse use;
  EXPECT_FALSE(FindExhausted(budgets, use));
  use.last_hour = {At(0), At(60), At(120)};
  const auto exhausted = FindExhausted(budgets, use);
  ASSERT_TRUE(exhausted);
  EXPECT_EQ(exhausted->limit, BudgetLimit::kHour);
  EXPECT_EQ(exhausted->until, At(3660)) << "then only the last of three is within an hour";
}

TEST(BudgetTest, AGroupHasAnHourOfItsOwn) {
  Budgets budgets;
  budgets.per_hour_per_group = 1;
  BudgetUse use;
  use.last_hour = {At(0), At(5)};
  EXPECT_FALSE(FindExhausted(budgets, use));
  use.last_hour_in_group = {At(5)};
  EXPECT_EQ(FindExhausted(budgets, use)->limit, BudgetLimit::kHourInGroup);
}

TEST(RecentActionsTest, CountsAnHourAndGroupsByLabel) {
  RecentActions recent;
  const Labels orders{{"cluster", "a"}, {"service", "orders"}};
  const Labels payments{{"cluster", "a"}, {"service", "payments"}};
  const Labels elsewhere{{"cluster", "b"}, {"service", "orders"}};
  recent.Add("1", orders, At(30));
  recent.Add("2", payments, At(0));
  recent.Add("3", elsewhere, At(60));
  EXPECT_EQ(recent.All(), (std::vector<Time>{At(0), At(30), At(60)}));
  EXPECT_EQ(recent.InGroup("cluster", orders), (std::vector<Time>{At(0), At(30)}));
  EXPECT_EQ(recent.CountBy("cluster"), (std::map<std::string, int>{{"a", 2}, {"b", 1}}));
  recent.Remove("3");
  recent.Forget(At(3600));
  EXPECT_EQ(recent.All(), (std::vector<Time>{At(30)})) << "an hour old is old enough";
}

TEST(CooldownTest, GrowsWithEachUseUpToTheLongest) {
  Rung rung{.action = "restart", .cooldown = 10min, .cooldown_factor = 2, .cooldown_max = 1h};
  EXPECT_EQ(CooldownAfter(rung, 0), 10min);
  EXPECT_EQ(CooldownAfter(rung, 1), 20min);
  EXPECT_EQ(CooldownAfter(rung, 2), 40min);
  EXPECT_EQ(CooldownAfter(rung, 3), 1h);
  EXPECT_EQ(CooldownAfter(rung, 100'000), 1h) << "even if the power overflows";
  rung.cooldown = 2h;
  EXPECT_EQ(CooldownAfter(rung, 5), 2h) << "its own length is never cut";
}

TEST(CooldownTest, RemembersUsesForADay) {
  std::vector<ActionUse> uses;
  AddUse(uses, {"1", At(0)});
  AddUse(uses, {"2", At(3600)});
  EXPECT_EQ(CountUses(uses, At(86'399)), 2);
  EXPECT_EQ(CountUses(uses, At(86'400)), 1);
  AddUse(uses, {"3", At(86'400)});
  EXPECT_EQ(uses.size(), 2U);
}

}  // namespace
}  // namespace promheal::healing
