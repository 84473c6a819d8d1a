#include "webhook/core/override/override.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

using std::chrono::seconds;

const Time kNow{seconds(1'767'225'600)};

// A throttle of 40 % in its first run, once at 90 %, that expires in ten seconds.
OverrideChange Throttle() {
  return {.keeper = "/run/a.sock",
          .subject = "orders",
          .before = "none",
          .after = "40%",
          .earlier = {"90%"},
          .run = "pid 1",
          .expires_at = kNow + seconds(10)};
}

OverrideChange Drain() {
  return {.keeper = "/run/a.sock",
          .subject = "payments/payments-1",
          .before = "ready",
          .after = "drain",
          .run = "pid 1"};
}

OverrideChange OverAnothers20Percent(OverrideChange change) {
  change.before = "20%";
  return change;
}

OverrideChange NeverWritten(OverrideChange change) {
  change.run.clear();
  change.expires_at.reset();
  return change;
}

TEST(OverrideTest, SaysHowAPlaceStands) {
  struct Row {
    const char* sentence;
    OverrideChange change;
    std::string_view found;
    std::string_view run;
    int seconds_later;
    Standing expected;
  };
  const Row rows[] = {
      {"as it was before, and nothing was written yet", NeverWritten(Throttle()), "none", "pid 1",
       0, Standing::kPending},
      {"the write came through, the news of it did not", NeverWritten(Drain()), "drain", "pid 1", 0,
       Standing::kInForce},
      {"another writer was faster", NeverWritten(Drain()), "maint", "pid 1", 0,
       Standing::kReplaced},
      {"as we wrote it", Throttle(), "40%", "pid 1", 0, Standing::kInForce},
      {"as we wrote it before the step that was interrupted", Throttle(), "90%", "pid 1", 0,
       Standing::kInForce},
      {"it came over a reload, from a peer", Throttle(), "40%", "pid 2", 0, Standing::kInForce},
      {"its time is over", Throttle(), "none", "pid 1", 10, Standing::kExpired},
      {"gone before its time", Throttle(), "none", "pid 1", 9, Standing::kTakenBack},
      {"gone with its process", Throttle(), "none", "pid 2", 0, Standing::kLost},
      {"another share", Throttle(), "20%", "pid 1", 0, Standing::kReplaced},
      {"over another writer's value, and nothing was written yet",
       NeverWritten(OverAnothers20Percent(Throttle())), "20%", "pid 1", 0, Standing::kPending},
      {"another writer's value expired meanwhile", NeverWritten(OverAnothers20Percent(Throttle())),
       "none", "pid 1", 0, Standing::kPending},
      {"another writer's earlier value is set again", OverAnothers20Percent(Throttle()), "20%",
       "pid 1", 60, Standing::kReplaced},
      {"another writer set a slot ready again", Drain(), "ready", "pid 1", 900,
       Standing::kTakenBack},
      {"another writer set another state", Drain(), "maint", "pid 1", 0, Standing::kReplaced},
      {"a slot after a reload", Drain(), "ready", "pid 2", 0, Standing::kLost},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(
        ToString(StandingOf(row.change, row.found, row.run, kNow + seconds(row.seconds_later))),
        ToString(row.expected))
        << row.sentence;
  }
}

TEST(OverrideTest, WritesUnlessAnotherWriterDecided) {
  EXPECT_TRUE(MayWrite(Standing::kPending));
  EXPECT_TRUE(MayWrite(Standing::kInForce));
  EXPECT_TRUE(MayWrite(Standing::kExpired));
  EXPECT_TRUE(MayWrite(Standing::kLost));
  EXPECT_FALSE(MayWrite(Standing::kTakenBack));
  EXPECT_FALSE(MayWrite(Standing::kReplaced));
  EXPECT_FALSE(MayWrite(Standing::kUnreadable));
}

TEST(OverrideTest, IsRenewedAfterAThirdOfTheTimeOfItsFirstPlace) {
  Override held{.changes = {Throttle(), Throttle(), Drain()}};
  held.changes[1].expires_at = kNow + seconds(15);
  EXPECT_EQ(ExpiresAt(held), kNow + seconds(10));
  EXPECT_EQ(RenewAt(held, kNow - seconds(5)), kNow);
  EXPECT_EQ(RenewAt(held, kNow + seconds(60)), kNow + seconds(60)) << "late: at once";
  EXPECT_EQ(RenewAt({.changes = {Drain()}}, kNow), std::nullopt);
}

TEST(OverrideTest, APlaceIsTheSameHoweverItIsReached) {
  const auto change = [](const char* keeper, const char* subject) {
    return OverrideChange{.keeper = keeper, .subject = subject};
  };
  EXPECT_TRUE(IsSamePlace(change("a", "orders/new"), change("a", "orders/new@10.0.0.7:80")));
  EXPECT_TRUE(IsSamePlace(change("a", "orders_2 like orders_1"), change("a", "orders_2")));
  EXPECT_FALSE(IsSamePlace(change("a", "orders"), change("b", "orders")));
  EXPECT_FALSE(IsSamePlace(change("a", "orders_2"), change("a", "orders_1")));
}

}  // namespace
}  // namespace promheal::healing
