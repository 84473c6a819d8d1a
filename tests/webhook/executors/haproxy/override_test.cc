#include <gmock/gmock.h>

#include <array>
#include <random>

#include "tests/webhook/executors/haproxy/executor_fixture.h"
#include "webhook/executors/override_executor.h"

// A healer holds, steps and undoes overrides on HAProxies in memory.

namespace promheal::healing {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

class HaproxyOverrideTest : public HaproxyExecutorFixture {
 protected:
  Override Applied(HaproxyExecutor& executor, const Action& action) {
    const auto held = executor.Prepare(action, kDeadline);
    EXPECT_TRUE(held) << held.error().message;
    const OverrideReport report = executor.Apply(held.value(), kDeadline);
    EXPECT_EQ(report.result, ActionResult::kDone) << report.detail;
    return report.now;
  }
  const HaproxyOptions throttle_{.operation = HaproxyOperation::kThrottle, .percent = 40};
  const HaproxyOptions breaker_{.operation = HaproxyOperation::kBreaker};
  const HaproxyOptions drain_{.operation = HaproxyOperation::kDrain};
  const HaproxyOptions scale_out_{.operation = HaproxyOperation::kScaleOut};
  const HaproxyOptions redirect_{
      .operation = HaproxyOperation::kRedirect, .map = "/maps/redirect", .fallback = "fallback"};
  const HaproxyOptions add_server_{.operation = HaproxyOperation::kAddServer,
                                   .server = LabelTemplate("new"),
                                   .address = LabelTemplate("10.0.0.7:8080")};
  const HaproxyOptions del_server_{.operation = HaproxyOperation::kDelServer};
};

TEST_F(HaproxyOverrideTest, PreparingChangesNothing) {
  const std::string before = a_.State();
  const auto executor = Executor(scale_out_, 2);
  const Override held = executor->Prepare(ActionOn("orders"), kDeadline).value();
  EXPECT_EQ(a_.State(), before);
  EXPECT_EQ(held.target, (Labels{{"service", "orders"}}));
  ASSERT_EQ(held.changes.size(), 2U);
  EXPECT_EQ(held.changes[0],
            (OverrideChange{
                .keeper = "a", .subject = "orders/orders-2", .before = "maint", .after = "ready"}));
  EXPECT_EQ(held.changes[1].keeper, "b");
  EXPECT_THAT(executor->Inspect(held, kDeadline).found,
              ElementsAre(Standing::kPending, Standing::kPending));
}

TEST_F(HaproxyOverrideTest, KnowsWhatComesInDegreesAndWhatExpires) {
  EXPECT_TRUE(Executor(throttle_)->traits().has_degrees);
  EXPECT_TRUE(Executor(throttle_)->traits().expires);
  EXPECT_FALSE(Executor(drain_)->traits().has_degrees);
  EXPECT_FALSE(Executor(drain_)->traits().expires);
  const auto executor = Executor(drain_);
  EXPECT_EQ(AsOverrideExecutor(*executor), executor.get());
}

TEST_F(HaproxyOverrideTest, RenewingHoldsIt) {
  const auto executor = Executor(throttle_);
  Override held = Applied(*executor, ActionOn("orders"));
  EXPECT_EQ(ExpiresAt(held), clock_.Now() + seconds(15));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(RenewAt(held, clock_.Now()), clock_.Now() + seconds(5));
    clock_.Advance(seconds(5));
    held = executor->Apply(held, kDeadline).now;
  }
  EXPECT_EQ(a_.Entry("override_shed", "orders"), "0/40");
}

TEST_F(HaproxyOverrideTest, IsReleasedInStepsAndGoesBackOne) {
  const auto executor = Executor(breaker_);
  Override held = Applied(*executor, ActionOn("orders"));
  EXPECT_EQ(a_.Entry("override_breaker", "orders"), "1/0");
  for (const auto& [percent, entry] :
       {std::pair{90, "1/90"}, {50, "1/50"}, {90, "1/90"}, {100, "1/0"}, {50, "1/50"}}) {
    held = executor->AtPercent(held, percent).value();
    const OverrideReport report = executor->Apply(held, kDeadline);
    EXPECT_EQ(report.result, ActionResult::kDone) << report.detail;
    EXPECT_EQ(a_.Entry("override_breaker", "orders"), entry);
    held = report.now;
    EXPECT_EQ(held.percent, percent);
    EXPECT_TRUE(held.changes[0].earlier.empty());
  }
  EXPECT_EQ(executor->Undo(held, kDeadline).detail, "orders: 50% -> none");
  EXPECT_EQ(a_.Entry("override_breaker", "orders"), "");
}

TEST_F(HaproxyOverrideTest, RefusesDegreesItDoesNotHave) {
  const auto breaker = Executor(breaker_);
  const Override held = Applied(*breaker, ActionOn("orders"));
  for (const int percent : {-1, 0, 101}) EXPECT_FALSE(breaker->AtPercent(held, percent));
  EXPECT_FALSE(Executor(drain_)->AtPercent(held, 50));
}

TEST_F(HaproxyOverrideTest, AStepThatWasInterruptedIsStillOurs) {
  const auto executor = Executor(breaker_);
  const Override held = Applied(*executor, ActionOn("orders"));
  // The healer died after the commit, before or after the write.
  const Override stepped = executor->AtPercent(held, 90).value();
  EXPECT_THAT(executor->Inspect(stepped, kDeadline).found, ElementsAre(Standing::kInForce));
  EXPECT_EQ(executor->Apply(stepped, kDeadline).result, ActionResult::kDone);
  EXPECT_THAT(executor->Inspect(stepped, kDeadline).found, ElementsAre(Standing::kInForce));
  EXPECT_EQ(executor->Undo(stepped, kDeadline).detail, "orders: 90% -> none");
}

TEST_F(HaproxyOverrideTest, UndoRestoresWhatWasBefore) {
  a_.Answer("set server payments/payments-1 weight 50");
  a_.Answer("set server payments/payments-3 state drain");
  const std::string before = a_.State();
  for (const HaproxyOptions& options :
       {throttle_, breaker_, drain_, redirect_, add_server_,
        HaproxyOptions{.operation = HaproxyOperation::kMaint},
        HaproxyOptions{.operation = HaproxyOperation::kSetWeight, .percent = 10},
        HaproxyOptions{.operation = HaproxyOperation::kSetMaxconn, .maxconn = 20}}) {
    const auto executor = Executor(options);
    const Override held = Applied(*executor, ActionOn("payments", "payments-1"));
    EXPECT_NE(a_.State(), before);
    EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
    EXPECT_EQ(a_.State(), before) << executor->description();
    EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone) << "twice is once";
    EXPECT_EQ(a_.State(), before);
  }
  const auto ready = Executor({.operation = HaproxyOperation::kReady});
  EXPECT_EQ(ready->Undo(Applied(*ready, ActionOn("payments", "payments-3")), kDeadline).detail,
            "payments/payments-3: ready -> drain");
}

TEST_F(HaproxyOverrideTest, UndoOfADeletedServerAddsItWhereItWas) {
  const auto executor = Executor(del_server_);
  const Override held = Applied(*executor, ActionOn("payments", "payments-1"));
  EXPECT_EQ(a_.State().find("payments-1"), std::string::npos);
  EXPECT_EQ(executor->Undo(held, kDeadline).detail,
            "payments/payments-1@127.0.0.1:3001: none -> member");
  EXPECT_EQ(a_.Server("payments-1").port, 3001);
  EXPECT_EQ(StateOf(a_.Server("payments-1")), SlotState::kReady);
  a_.Answer("set server payments/payments-3 state maint");
  const Override spare = Applied(*executor, ActionOn("payments", "payments-3"));
  executor->Undo(spare, kDeadline);
  EXPECT_EQ(StateOf(a_.Server("payments-3")), SlotState::kMaint) << "as it was";
}

TEST_F(HaproxyOverrideTest, AServerThatIsStillConnectedIsOutOfServiceAndDeletedLater) {
  const auto executor = Executor(add_server_);
  const Override held = Applied(*executor, ActionOn("orders"));
  a_.connected.insert("new");
  const OverrideReport report = executor->Undo(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kFailed);
  EXPECT_THAT(report.detail, HasSubstr("Server still has connections attached"));
  EXPECT_EQ(StateOf(a_.Server("new")), SlotState::kMaint);
  a_.connected.clear();
  EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(a_.State().find("new"), std::string::npos);
}

TEST_F(HaproxyOverrideTest, ARedirectLeadsBackWhereItLed) {
  a_.Answer("add map /maps/redirect orders elsewhere");
  const auto executor = Executor(redirect_);
  const Override held = Applied(*executor, ActionOn("orders"));
  EXPECT_EQ(a_.redirects["orders"], "fallback");
  executor->Undo(held, kDeadline);
  EXPECT_EQ(a_.redirects["orders"], "elsewhere");
}

TEST_F(HaproxyOverrideTest, UndoTakesNothingBackThatWasSoAlready) {
  a_.Answer("set server payments/payments-1 state drain");
  const auto executor = Executor(drain_);
  const Override held = Applied(*executor, ActionOn("payments", "payments-1"));
  EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(StateOf(a_.Server("payments-1")), SlotState::kDrain);
}

TEST_F(HaproxyOverrideTest, UndoOfWhatWasNeverAppliedLeavesWhatIsThere) {
  a_.Answer("set table override_shed key orders data.gpt0 20");
  const auto executor = Executor(throttle_);
  const Override held = executor->Prepare(ActionOn("orders"), kDeadline).value();
  EXPECT_EQ(held.changes[0].before, "20%");
  EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(a_.Entry("override_shed", "orders"), "0/20");
}

TEST_F(HaproxyOverrideTest, WhatAHumanTookBackStaysBack) {
  const auto executor = Executor(throttle_);
  const Override held = Applied(*executor, ActionOn("orders"));
  clock_.Advance(seconds(5));
  a_.Answer("clear table override_shed key orders");
  const OverrideReport renewed = executor->Apply(held, kDeadline);
  EXPECT_EQ(renewed.result, ActionResult::kFailed);
  EXPECT_THAT(renewed.found, ElementsAre(Standing::kTakenBack));
  EXPECT_EQ(renewed.detail, "orders: left alone, because another writer took it back to none");
  EXPECT_EQ(a_.Entry("override_shed", "orders"), "");
}

TEST_F(HaproxyOverrideTest, WhatAHumanPutInItsPlaceStays) {
  const auto executor = Executor(drain_);
  const Override held = Applied(*executor, ActionOn("payments", "payments-1"));
  a_.Answer("set server payments/payments-1 state maint");
  const OverrideReport report = executor->Undo(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kDone);
  EXPECT_THAT(report.found, ElementsAre(Standing::kReplaced));
  EXPECT_EQ(report.detail,
            "payments/payments-1: left alone, because another writer set it to maint");
  EXPECT_EQ(StateOf(a_.Server("payments-1")), SlotState::kMaint);
}

TEST_F(HaproxyOverrideTest, UndoOfAScaleOutWaitsUntilTheOthersServe) {
  const auto executor = Executor(scale_out_);
  const Override held = Applied(*executor, ActionOn("orders"));
  a_.Server("orders-1").health = ServerHealth::kStopped;
  const OverrideReport report = executor->Undo(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kFailed);
  EXPECT_THAT(report.detail,
              HasSubstr("it would leave 0 slots that get requests, and at least 1 must stay"));
  a_.Server("orders-1").health = ServerHealth::kRunning;
  EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
}

TEST_F(HaproxyOverrideTest, AReloadLosesItAndApplyingBringsItBack) {
  for (const HaproxyOptions& options : {throttle_, breaker_, drain_, redirect_, add_server_}) {
    const auto executor = Executor(options);
    const Override held = Applied(*executor, ActionOn("payments", "payments-1"));
    const std::string in_force = a_.State();
    a_.Reload();
    EXPECT_THAT(executor->Inspect(held, kDeadline).found, ElementsAre(Standing::kLost));
    EXPECT_TRUE(executor->ReadState(kDeadline).overrides.empty());
    const OverrideReport report = executor->Apply(held, kDeadline);
    EXPECT_EQ(report.result, ActionResult::kDone);
    EXPECT_THAT(report.detail, HasSubstr("again, because it was lost"));
    EXPECT_EQ(a_.State(), in_force);
    EXPECT_NE(report.now.changes[0].run, held.changes[0].run);
    executor->Undo(report.now, kDeadline);
  }
}

TEST_F(HaproxyOverrideTest, WhatExpiredWhileTheHealerWasDeadCanBeHadAgain) {
  const auto executor = Executor(throttle_);
  const Override held = Applied(*executor, ActionOn("orders"));
  clock_.Advance(seconds(60));
  const OverrideReport report = executor->Apply(held, kDeadline);
  EXPECT_THAT(report.found, ElementsAre(Standing::kExpired));
  EXPECT_EQ(report.detail, "orders: again, because it was expired: none -> 40% for 15 s");
  EXPECT_EQ(executor->Undo(report.now, kDeadline).result, ActionResult::kDone);
}

TEST_F(HaproxyOverrideTest, WhatOneHaproxyMissedIsMadeUpFor) {
  const auto executor = Executor(drain_, 2);
  const Override held = executor->Prepare(ActionOn("payments", "payments-1"), kDeadline).value();
  Break(b_, "set server", ErrorCode::kUnavailable);
  const OverrideReport half = executor->Apply(held, kDeadline);
  EXPECT_EQ(half.result, ActionResult::kFailed);
  EXPECT_FALSE(half.now.changes[0].run.empty());
  EXPECT_TRUE(half.now.changes[1].run.empty());
  b_.trouble = nullptr;
  EXPECT_EQ(executor->Apply(half.now, kDeadline).detail,
            "a payments/payments-1: already drain; b payments/payments-1: ready -> drain");
}

TEST_F(HaproxyOverrideTest, ASocketThatIsNotConfiguredAnyMoreIsSaid) {
  const auto both = Executor(drain_, 2);
  const Override held = Applied(*both, ActionOn("payments", "payments-1"));
  const auto executor = Executor(drain_, 1);
  const OverrideReport report = executor->Undo(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kFailed);
  EXPECT_EQ(report.detail,
            "1 of 2 HAProxies: a payments/payments-1: drain -> ready; b payments/payments-1: its "
            "socket is not configured");
}

TEST_F(HaproxyOverrideTest, WhatIsGoneWithItsPlaceNeedsNoUndo) {
  const auto executor = Executor(drain_);
  Override held = Applied(*executor, ActionOn("payments", "payments-1"));
  held.changes[0].subject = "payments/payments-9";  // As after `del server`.
  EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(executor->Apply(held, kDeadline).result, ActionResult::kFailed);
}

TEST_F(HaproxyOverrideTest, ReadsAllThatIsInForce) {
  a_.Answer("set table override_shed key orders data.gpt0 40");
  a_.Answer("set table override_shed key auth data.gpt0 0");
  a_.Answer("set table override_breaker key payments data.gpc0 1");
  a_.Answer("set server payments/payments-1 state drain");
  a_.Answer("set server payments/payments-2 state maint");
  a_.Answer("set server orders/orders-2 state ready");
  a_.Answer("set server orders/orders-1 weight 10");
  a_.Answer("add map /maps/redirect orders elsewhere");
  struct Row {
    HaproxyOptions options;
    std::string subject, before, after;
    int percent;
  };
  const Row rows[] = {
      {throttle_, "orders", "none", "40%", 40},
      {breaker_, "payments", "none", "open", 100},
      {drain_, "payments/payments-1", "ready", "drain", 100},
      {{.operation = HaproxyOperation::kMaint}, "payments/payments-2", "ready", "maint", 100},
      {scale_out_, "orders/orders-2", "maint", "ready", 100},
      {{.operation = HaproxyOperation::kSetWeight, .percent = 50},
       "orders/orders-1",
       "100",
       "10",
       10},
      {redirect_, "orders", "none", "elsewhere", 100},
  };
  for (const Row& row : rows) {
    const auto executor = Executor(row.options);
    const OverridesInForce state = executor->ReadState(kDeadline);
    ASSERT_EQ(state.overrides.size(), 1U) << executor->description();
    const Override& found = state.overrides[0];
    EXPECT_EQ(found.changes[0].subject, row.subject);
    EXPECT_EQ(found.changes[0].before, row.before);
    EXPECT_EQ(found.changes[0].after, row.after);
    EXPECT_EQ(found.percent, row.percent);
    EXPECT_EQ(found.target.Get("service"), row.subject.substr(0, row.subject.find('/')));
    EXPECT_EQ(ExpiresAt(found).has_value(), executor->traits().expires);
    EXPECT_THAT(executor->Inspect(found, kDeadline).found, ElementsAre(Standing::kInForce));
    EXPECT_EQ(executor->Undo(found, kDeadline).result, ActionResult::kDone);
    EXPECT_TRUE(executor->ReadState(kDeadline).overrides.empty());
  }
}

TEST_F(HaproxyOverrideTest, SaysWhatItCouldNotRead) {
  a_.Answer("set table override_shed key orders data.gpt0 40");
  Break(b_, "show table", ErrorCode::kUnavailable);
  const OverridesInForce state = Executor(throttle_, 2)->ReadState(kDeadline);
  EXPECT_EQ(state.overrides.size(), 1U);
  ASSERT_EQ(state.keepers.size(), 2U);
  EXPECT_FALSE(state.keepers[0].error);
  EXPECT_THAT(state.keepers[0].run, HasSubstr("pid "));
  EXPECT_EQ(state.keepers[1].error->message, "trouble");
}

TEST_F(HaproxyOverrideTest, NothingInALedgerIsTrusted) {
  const auto executor = Executor(throttle_);
  Override held = Applied(*executor, ActionOn("orders"));
  const std::string before = a_.State();
  a_.commands.clear();
  held.changes[0].subject = "orders; clear table override_shed";
  EXPECT_EQ(executor->Apply(held, kDeadline).result, ActionResult::kFailed);
  held.changes[0].subject = "orders";
  for (const char* value : {"400%", "0%", "-1%", "40", "40% data.gpc0 1", "ready", ""}) {
    held.changes[0].after = value;
    held.changes[0].run.clear();
    held.changes[0].before = "40%";
    EXPECT_EQ(executor->Apply(held, kDeadline).result, ActionResult::kFailed) << value;
  }
  EXPECT_EQ(a_.State(), before);
}

// A call may break off anywhere, and its command may get through or not. From the override that the
// ledger had before the call, Undo leads back to the first state, and so do Apply and then Undo.
TEST_F(HaproxyOverrideTest, EveryPointOfACrashLeadsBack) {
  const std::string start = a_.State() + b_.State();
  for (const HaproxyOptions& options :
       {throttle_, breaker_, drain_, scale_out_, redirect_, add_server_}) {
    const auto executor = Executor(options, 2);
    for (int point = 0; point < 16; ++point) {
      for (const When when : {When::kBefore, When::kAfter}) {
        for (const bool apply_again : {false, true}) {
          const Override held =
              executor->Prepare(ActionOn("payments", "payments-1"), kDeadline).value();
          int countdown = point;
          const auto trouble = [&](const std::string&) -> std::optional<FakeHaproxy::Trouble> {
            if (countdown-- > 0) return std::nullopt;
            return FakeHaproxy::Trouble{when, {ErrorCode::kDataLoss, "the healer died"}};
          };
          a_.trouble = trouble;
          b_.trouble = trouble;
          executor->Apply(held, kDeadline);
          a_.trouble = nullptr;
          b_.trouble = nullptr;
          if (apply_again) {
            ASSERT_EQ(executor->Apply(held, kDeadline).result, ActionResult::kDone);
          }
          ASSERT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
          ASSERT_EQ(a_.State() + b_.State(), start) << executor->description() << ' ' << point;
        }
      }
    }
  }
}

// After a human has set the place to another value, no call about our override changes it, however
// holding, stepping, time, reloads and trouble mix.
TEST_F(HaproxyOverrideTest, AHumansValueIsNeverOverwritten) {
  std::mt19937 random(20260401);
  for (int round = 0; round < 400; ++round) {
    const bool table = random() % 2 == 0;
    const auto executor = Executor(table ? breaker_ : drain_);
    a_.trouble = nullptr;
    a_.Reload();
    Override held = Applied(*executor, ActionOn("payments", "payments-1"));
    bool by_human = false;
    std::string humans;
    for (int step = 0; step < 20; ++step) {
      const auto choice = random() % 7;
      if (choice == 0) held = executor->Apply(held, kDeadline).now;
      if (choice == 1 && table) {
        held = executor->AtPercent(held, std::array{100, 90, 50}[random() % 3]).value();
      }
      if (choice == 2) executor->Inspect(held, kDeadline);
      if (choice == 3) executor->Undo(held, kDeadline);
      if (choice == 4 && !by_human) clock_.Advance(seconds(random() % 20));
      if (choice == 5 && !by_human && random() % 4 == 0) a_.Reload();
      if (choice == 6) {
        a_.trouble = [&](const std::string&) -> std::optional<FakeHaproxy::Trouble> {
          if (random() % 3 != 0) return std::nullopt;
          return FakeHaproxy::Trouble{random() % 2 == 0 ? When::kBefore : When::kAfter,
                                      {ErrorCode::kDataLoss, "trouble"}};
        };
      }
      if (!by_human && random() % 10 == 0) {
        by_human = true;
        a_.Answer(table ? "set table override_breaker key payments data.gpc0 1 data.gpt0 33"
                        : "set server payments/payments-1 state maint");
        humans = a_.State();
      }
      if (by_human) {
        ASSERT_EQ(a_.State(), humans);
      }
    }
  }
}

}  // namespace
}  // namespace promheal::healing
