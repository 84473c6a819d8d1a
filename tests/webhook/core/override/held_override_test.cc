#include "webhook/core/override/held_override.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

Override At(const std::string& subject, const std::string& before, const std::string& after,
            const std::string& keeper = "/run/a.sock") {
  return {.changes = {{.keeper = keeper, .subject = subject, .before = before, .after = after}}};
}

TEST(HeldOverrideTest, AnOverrideOverAHeldOneInheritsTheValueToRestore) {
  struct Row {
    const char* sentence;
    Override held;
    Override fresh;
    Overlap expected;
    const char* before;
  };
  const Row rows[] = {
      {"another slot", At("b/1", "ready", "drain"), At("b/2", "ready", "drain"), Overlap::kNone,
       "ready"},
      {"the same slot of another gateway", At("b/1", "ready", "drain", "/run/b.sock"),
       At("b/1", "drain", "maint"), Overlap::kNone, "drain"},
      {"the same value again", At("b/1", "ready", "drain"), At("b/1", "drain", "drain"),
       Overlap::kSame, "drain"},
      {"a drained slot goes to maintenance", At("b/1", "ready", "drain"),
       At("b/1", "drain", "maint"), Overlap::kOver, "ready"},
      {"a larger throttle", At("orders", "none", "20%"), At("orders", "20%", "60%"), Overlap::kOver,
       "none"},
      {"a breaker beside a throttle, in another table", At("orders", "none", "40%"),
       At("orders", "none", "open"), Overlap::kNone, "none"},
      {"a value that a person has set meanwhile", At("b/1", "ready", "drain"),
       At("b/1", "maint", "drain"), Overlap::kNone, "maint"},
  };
  for (const Row& row : rows) {
    Override fresh = row.fresh;
    EXPECT_EQ(PutOver(fresh, row.held), row.expected) << row.sentence;
    EXPECT_EQ(fresh.changes[0].before, row.before) << row.sentence;
  }
}

TEST(HeldOverrideTest, AnOverrideOverAHeldOneOverwritesOnlyTheHeldValue) {
  Override fresh = At("orders", "20%", "60%");
  ASSERT_EQ(PutOver(fresh, At("orders", "none", "20%")), Overlap::kOver);
  EXPECT_TRUE(MayWrite(StandingOf(fresh.changes[0], "20%", "", Time{})));
  EXPECT_FALSE(MayWrite(StandingOf(fresh.changes[0], "30%", "", Time{})));
}

TEST(HeldOverrideTest, MayBeInForceUnlessItIsKnownToBeGone) {
  for (const HoldPhase phase :
       {HoldPhase::kApplying, HoldPhase::kInForce, HoldPhase::kLifting, HoldPhase::kUndoing}) {
    EXPECT_TRUE(MayBeInForce({.phase = phase})) << ToString(phase);
  }
  EXPECT_FALSE(MayBeInForce({.phase = HoldPhase::kLifted}));
  EXPECT_FALSE(MayBeInForce({.phase = HoldPhase::kReturning}));
}

}  // namespace
}  // namespace promheal::healing
