#include "webhook/core/override/override_plan.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

using std::chrono::seconds;

const Time kNow{seconds(1'767'225'600)};

OverrideChange Drain(const char* run = "pid 1") {
  return {.keeper = "/run/a.sock",
          .subject = "payments/payments-1",
          .before = "ready",
          .after = "drain",
          .earlier = {"maint"},
          .run = run};
}

OverrideChange Throttle(const char* run = "pid 1") {
  return {.keeper = "/run/a.sock",
          .subject = "orders",
          .before = "20%",
          .after = "40%",
          .run = run,
          .expires_at = kNow + seconds(10)};
}

OverrideChange Member(const char* run = "pid 1") {
  return {.keeper = "/run/a.sock",
          .subject = "orders/orders-4@10.0.0.7:80",
          .before = "none",
          .after = "member",
          .run = run};
}

PlaceReading Slot(const char* value, const char* run = "pid 1") {
  return {.value = value, .run = run};
}

PlaceReading Entry(const char* value, const char* run = "pid 1") {
  return {.value = value, .run = run, .expires = true, .expires_in = seconds(12)};
}

PlaceReading HalfMember() {
  return {.value = "member in maint", .run = "pid 1", .half_made = true};
}

Result<PlaceReading> Unread(ErrorCode code) { return Fail(code, "no answer"); }

struct Row {
  const char* sentence;
  OverrideChange change;
  Result<PlaceReading> place;
  std::optional<std::string> write;
  ActionResult result;
  Standing found;
  const char* text;
};

void ExpectPlan(const ChangePlan& plan, const Row& row) {
  EXPECT_EQ(plan.write, row.write) << row.sentence;
  EXPECT_EQ(ToString(plan.report.result), ToString(row.result)) << row.sentence;
  EXPECT_EQ(ToString(plan.report.found), ToString(row.found)) << row.sentence;
  EXPECT_EQ(plan.report.text, row.text) << row.sentence;
}

constexpr auto kDone = ActionResult::kDone;
constexpr auto kFailed = ActionResult::kFailed;

TEST(OverridePlanTest, AppliesWhatNoOtherWriterHasDecidedAbout) {
  const Row rows[] = {
      {"the first time", Drain(""), Slot("ready"), "drain", kDone, Standing::kPending,
       "ready -> drain"},
      {"it is there already, and its answer was lost",
       Drain(""),
       Slot("drain"),
       {},
       kDone,
       Standing::kInForce,
       "already drain"},
      {"an interrupted step left an earlier value of ours", Drain(), Slot("maint"), "drain", kDone,
       Standing::kInForce, "maint -> drain"},
      {"the keeper was restarted", Drain(), Slot("ready", "pid 2"), "drain", kDone, Standing::kLost,
       "again, because it was lost: ready -> drain"},
      {"a person took it back",
       Drain(),
       Slot("ready"),
       {},
       kFailed,
       Standing::kTakenBack,
       "left alone, because another writer took it back to ready"},
      {"a person set another value",
       Throttle(),
       Entry("90%"),
       {},
       kFailed,
       Standing::kReplaced,
       "left alone, because another writer set it to 90%"},
      {"an entry that expires is written again", Throttle(), Entry("40%"), "40%", kDone,
       Standing::kInForce, "renewed 40%"},
      {"a server was added, and then nothing more was said", Member(""), HalfMember(), "member",
       kDone, Standing::kInForce, "member in maint -> member"},
      {"a person put our server into maintenance",
       Member(),
       HalfMember(),
       {},
       kFailed,
       Standing::kReplaced,
       "left alone, because another writer set it to member in maint"},
      {"our container was made and does not run", Member(),
       PlaceReading{.value = "member", .run = "pid 1", .half_made = true}, "member", kDone,
       Standing::kInForce, "member -> member"},
      {"the keeper does not answer",
       Drain(),
       Unread(ErrorCode::kTimeout),
       {},
       kFailed,
       Standing::kUnreadable,
       "no answer"},
      {"there is no such place",
       Drain(),
       Unread(ErrorCode::kNotFound),
       {},
       kFailed,
       Standing::kUnreadable,
       "no answer"},
  };
  for (const Row& row : rows) ExpectPlan(PlanApply(row.change, row.place, kNow), row);
}

TEST(OverridePlanTest, UndoesOnlyWhatIsOurs) {
  const Row rows[] = {
      {"a slot goes back to its state before", Drain(), Slot("drain"), "ready", kDone,
       Standing::kInForce, "drain -> ready"},
      {"an earlier value of ours goes back, too", Drain(), Slot("maint"), "ready", kDone,
       Standing::kInForce, "maint -> ready"},
      {"an entry that expires is cleared, whatever was there before", Throttle(), Entry("40%"),
       "none", kDone, Standing::kInForce, "40% -> none"},
      {"it was never written",
       Drain(""),
       Slot("ready"),
       {},
       kDone,
       Standing::kPending,
       "already ready"},
      {"it went with the keeper's run",
       Drain(),
       Slot("ready", "pid 2"),
       {},
       kDone,
       Standing::kLost,
       "already ready"},
      {"a person was faster",
       Drain(),
       Slot("ready"),
       {},
       kDone,
       Standing::kTakenBack,
       "left alone, because another writer took it back to ready"},
      {"a person set another value",
       Throttle(),
       Entry("90%"),
       {},
       kDone,
       Standing::kReplaced,
       "left alone, because another writer set it to 90%"},
      {"a server in maintenance is deleted, whoever put it there", Member(), HalfMember(), "none",
       kDone, Standing::kInForce, "member in maint -> none"},
      {"the place is gone",
       Drain(),
       Unread(ErrorCode::kNotFound),
       {},
       kDone,
       Standing::kUnreadable,
       "its place is gone: no answer"},
      {"the keeper does not answer",
       Drain(),
       Unread(ErrorCode::kTimeout),
       {},
       kFailed,
       Standing::kUnreadable,
       "no answer"},
  };
  for (const Row& row : rows) ExpectPlan(PlanUndo(row.change, row.place, kNow), row);
}

TEST(OverridePlanTest, InspectingSaysHowThePlaceStands) {
  const Row rows[] = {
      {"as we wrote it", Drain(), Slot("drain"), {}, kDone, Standing::kInForce, "drain (in_force)"},
      {"taken back", Drain(), Slot("ready"), {}, kDone, Standing::kTakenBack, "ready (taken_back)"},
      {"half made by us",
       Member(""),
       HalfMember(),
       {},
       kDone,
       Standing::kInForce,
       "member in maint (in_force)"},
      {"unreadable",
       Drain(),
       Unread(ErrorCode::kUnavailable),
       {},
       kFailed,
       Standing::kUnreadable,
       "no answer"},
  };
  for (const Row& row : rows) {
    ExpectPlan({.report = InspectPlace(row.change, row.place, kNow)}, row);
  }
}

TEST(OverridePlanTest, KeepsTheRunThatWasAppliedAndForgetsEarlierValues) {
  const OverrideChange kept = PlanApply(Drain(""), Slot("ready", "pid 7"), kNow).report.now;
  EXPECT_EQ(kept.run, "pid 7");
  EXPECT_TRUE(kept.earlier.empty());
  EXPECT_EQ(kept.before, "ready");
}

TEST(OverridePlanTest, KeepsTheChangeAsItWasIfTheWriteFails) {
  const ChangePlan plan = PlanApply(Drain(""), Slot("ready"), kNow);
  const ChangeReport report = NotWritten(Drain(""), plan, ActionResult::kUnknown, "no answer");
  EXPECT_EQ(report.now, Drain(""));
  EXPECT_EQ(report.found, Standing::kPending);
  EXPECT_EQ(report.result, ActionResult::kUnknown);
  EXPECT_EQ(report.text, "no answer");
}

TEST(OverridePlanTest, InspectingNotesWhenOurEntryExpires) {
  EXPECT_EQ(InspectPlace(Throttle(), Entry("40%"), kNow).now.expires_at, kNow + seconds(12));
  EXPECT_EQ(InspectPlace(Throttle(), Entry("90%"), kNow).now.expires_at, kNow + seconds(10))
      << "another writer's entry says nothing about ours";
}

TEST(OverridePlanTest, AnotherValueLeavesTheOneUntilNowOurs) {
  const Override held{.changes = {Drain(), Throttle()}};
  const Override changed = WithValue(held, "maint");
  EXPECT_EQ(changed.changes[0].after, "maint");
  EXPECT_EQ(changed.changes[0].earlier, std::vector<std::string>{"drain"});
  EXPECT_EQ(changed.changes[1].earlier, std::vector<std::string>{"40%"});
  EXPECT_EQ(WithValue(held, "drain").changes[0], held.changes[0]);
}

}  // namespace
}  // namespace promheal::healing
