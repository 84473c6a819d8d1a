#include "webhook/executors/haproxy/haproxy_executor.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <random>
#include <thread>

#include "tests/integration/gateway_actions.h"
#include "tests/integration/shop_gateway.h"
#include "tests/integration/steady_load.h"
#include "tests/support/tool.h"
#include "tests/support/wait.h"

// The HAProxy executor against real HAProxies, real requests and real time.

namespace promheal::healing {
namespace {

using std::chrono::seconds;
using support::WaitUntil;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::UnorderedElementsAre;

const SystemClock kClock;
constexpr Duration kDeadline = seconds(10);

class RealHaproxyTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (support::FindTool("haproxy")) gateway_ = std::make_unique<ShopGateway>();
  }
  static void TearDownTestSuite() { gateway_.reset(); }

  void SetUp() override {
    if (!support::FindTool("haproxy")) GTEST_SKIP() << support::MissingTool("haproxy");
  }

  static std::unique_ptr<OverrideExecutor> Executor(HaproxyOptions options) {
    return ExecutorOn({gateway_->haproxy().socket()}, std::move(options));
  }
  static Override Applied(OverrideExecutor& executor, const Action& action) {
    const auto held = executor.Prepare(action, kDeadline);
    EXPECT_TRUE(held) << held.error().message;
    return Applied(executor, held.value());
  }
  static Override Applied(OverrideExecutor& executor, const Override& held) {
    const OverrideReport report = executor.Apply(held, kDeadline);
    EXPECT_EQ(report.result, ActionResult::kDone) << report.detail;
    return report.now;
  }
  static void Undone(OverrideExecutor& executor, const Override& held) {
    const OverrideReport report = executor.Undo(held, kDeadline);
    EXPECT_EQ(report.result, ActionResult::kDone) << report.detail;
    EXPECT_TRUE(executor.ReadState(kDeadline).overrides.empty());
  }
  // The share of `count` requests that `status` answered.
  static double ShareOf(int status, const std::string& service, int count) {
    return static_cast<double>(gateway_->Statuses(service, count)[status]) / count;
  }

  static std::unique_ptr<ShopGateway> gateway_;
};

std::unique_ptr<ShopGateway> RealHaproxyTest::gateway_;

// 5000 requests: three percentage points are more than four standard deviations of the draw.
TEST_F(RealHaproxyTest, AThrottleOf40PercentSheds40Percent) {
  const auto executor = Executor({.operation = HaproxyOperation::kThrottle, .percent = 40});
  Action action;
  // In its first second HAProxy may also have been reloaded since the intent.
  EXPECT_TRUE(WaitUntil(
      [&] {
        action = ActionOn("orders");
        return executor->Observe(action).observation == Observation::kNotHappened;
      },
      seconds(3)));
  const Override held = Applied(*executor, action);
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
  std::map<int, int> answers = gateway_->Statuses("orders", 5000);
  EXPECT_THAT(answers, UnorderedElementsAre(Key(200), Key(429)));
  EXPECT_NEAR(answers[429] / 5000.0, 0.40, 0.03);
  EXPECT_EQ(ShareOf(200, "payments", 100), 1.0);
  Undone(*executor, held);
  EXPECT_EQ(ShareOf(200, "orders", 100), 1.0);
}

// A rate that a busy machine of two cores can do; tests/bench/gateway_bench does 2,000 a second.
TEST_F(RealHaproxyTest, AThrottleSheds40PercentOfASteadyLoad) {
  const auto executor = Executor({.operation = HaproxyOperation::kThrottle, .percent = 40});
  const Override held = Applied(*executor, ActionOn("payments"));
  const SteadyLoad load = Offer({.port = gateway_->port(),
                                 .path = "/payments/x",
                                 .requests_per_second = 500,
                                 .duration = seconds(8)});
  std::cout << fmt::format("{:.0f} requests/s, {:.1f}% shed\n", load.achieved_per_second,
                           100 * load.ShareOf(429));
  EXPECT_THAT(load.statuses, UnorderedElementsAre(Key(200), Key(429)));
  EXPECT_NEAR(load.ShareOf(429), 0.40, 0.03);
  Undone(*executor, held);
}

TEST_F(RealHaproxyTest, RenewalHoldsAThrottleAndNothingElseDoes) {
  const auto executor = Executor({.operation = HaproxyOperation::kThrottle, .percent = 100});
  Override held = Applied(*executor, ActionOn("orders"));
  const Duration start = kClock.Monotonic();
  const Override forgotten = Applied(*executor, ActionOn("auth"));
  EXPECT_NEAR(static_cast<double>((*ExpiresAt(forgotten) - kClock.Now()).count()), 15'000, 500);
  // Requests do not renew it either.
  while (gateway_->StatusOf("auth") == 429) {
    WaitUntil([] { return false; }, Duration(100));
    if (kClock.Now() >= RenewAt(held, *ExpiresAt(held) - seconds(15))) {
      held = Applied(*executor, held);
    }
  }
  EXPECT_NEAR(static_cast<double>((kClock.Monotonic() - start).count()), 15'000, 1000);
  EXPECT_THAT(executor->Inspect(forgotten, kDeadline).found, ElementsAre(Standing::kExpired));
  WaitUntil([] { return false; }, seconds(2));
  EXPECT_EQ(gateway_->StatusOf("orders"), 429) << "renewed";
  Undone(*executor, held);
}

TEST_F(RealHaproxyTest, ABreakerIsReleasedInStepsAndRelapses) {
  const auto executor = Executor({.operation = HaproxyOperation::kBreaker});
  Override held = Applied(*executor, ActionOn("payments"));
  EXPECT_EQ(ShareOf(503, "payments", 200), 1.0);
  EXPECT_EQ(ShareOf(200, "orders", 100), 1.0);
  for (const int percent : {90, 50, 90}) {
    held = executor->AtPercent(held, percent).value();
    EXPECT_THAT(executor->Inspect(held, kDeadline).found, ElementsAre(Standing::kInForce));
    held = Applied(*executor, held);
    EXPECT_NEAR(ShareOf(503, "payments", 2000), percent / 100.0, 0.05);
  }
  Undone(*executor, held);
  EXPECT_EQ(ShareOf(200, "payments", 200), 1.0);
}

TEST_F(RealHaproxyTest, ADrainedSlotGetsNothingUntilItIsReadyAgain) {
  const auto executor = Executor({.operation = HaproxyOperation::kDrain});
  const Override held = Applied(*executor, ActionOn("payments", "payments-1"));
  const int before = gateway_->RequestsTo("payments-1");
  EXPECT_EQ(ShareOf(200, "payments", 200), 1.0);
  EXPECT_EQ(gateway_->RequestsTo("payments-1"), before);
  ASSERT_EQ(executor->ReadState(kDeadline).overrides.size(), 1U);
  Undone(*executor, held);
  EXPECT_TRUE(WaitUntil(
      [&] {
        gateway_->Statuses("payments", 10);
        return gateway_->RequestsTo("payments-1") > before;
      },
      seconds(5)));
}

TEST_F(RealHaproxyTest, TheLastSlotIsNeitherDrainedNorTakenOut) {
  for (const HaproxyOperation operation : {HaproxyOperation::kDrain, HaproxyOperation::kMaint}) {
    const Receipt receipt =
        Executor({.operation = operation})->Execute(ActionOn("orders", "orders-1"), kDeadline);
    EXPECT_EQ(receipt.result, ActionResult::kFailed);
    EXPECT_THAT(receipt.detail,
                HasSubstr("it would leave 0 slots that get requests, and at least 1 must stay"));
  }
  EXPECT_EQ(gateway_->StatusOf("orders"), 200);
}

TEST_F(RealHaproxyTest, ASpareSlotServesWithinTwoSecondsAndLeavesWithoutALoss) {
  ShopSlot& spare = gateway_->StartSlot("orders-2");
  const auto executor = Executor({.operation = HaproxyOperation::kScaleOut});
  std::atomic<bool> stop = false;
  std::map<int, int> answers;
  std::thread traffic([&] {
    while (!stop) ++answers[gateway_->StatusOf("orders")];
  });
  const Action action = ActionOn("orders");
  const Duration start = kClock.Monotonic();
  const Override held = Applied(*executor, action);
  EXPECT_TRUE(WaitUntil([&] { return spare.requests() > 0; }, seconds(10)));
  EXPECT_LT(kClock.Monotonic() - start, seconds(2));
  EXPECT_EQ(held.changes[0].subject, "orders/orders-2");
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
  Undone(*executor, held);
  const int last = spare.requests();
  WaitUntil([] { return false; }, Duration(300));
  stop = true;
  traffic.join();
  EXPECT_LE(spare.requests(), last + 1) << "but for one under way";
  EXPECT_THAT(answers, ElementsAre(Key(200)));
}

TEST_F(RealHaproxyTest, AServerThatIsAddedServesWithinTwoSecondsAndLeavesWithoutALoss) {
  const auto [slot, address] = gateway_->StartStranger();
  const auto executor =
      Executor({.operation = HaproxyOperation::kAddServer, .address = LabelTemplate(address)});
  std::atomic<bool> stop = false;
  std::map<int, int> answers;
  std::thread traffic([&] {
    while (!stop) ++answers[gateway_->StatusOf("orders")];
  });
  const Action action = ActionOn("orders", "orders-4");
  const Duration start = kClock.Monotonic();
  const Override held = Applied(*executor, action);
  EXPECT_TRUE(WaitUntil([&] { return slot->requests() > 0; }, seconds(10)));
  EXPECT_LT(kClock.Monotonic() - start, seconds(2));
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
  // What is under way to it holds it there for a moment.
  EXPECT_TRUE(WaitUntil(
      [&] { return executor->Undo(held, kDeadline).result == ActionResult::kDone; }, seconds(5)));
  EXPECT_EQ(gateway_->haproxy().Admin("show servers state orders").find("orders-4"),
            std::string::npos);
  stop = true;
  traffic.join();
  int lost = 0;
  for (const auto& [status, times] : answers) lost += status == 200 ? 0 : times;
  EXPECT_LE(lost, 1) << "the one that is under way when its sessions are ended";
}

TEST_F(RealHaproxyTest, AServerIsDeletedAndAddedAgainWhereItWas) {
  const auto [slot, address] = gateway_->StartStranger();
  const auto add =
      Executor({.operation = HaproxyOperation::kAddServer, .address = LabelTemplate(address)});
  const auto del = Executor({.operation = HaproxyOperation::kDelServer});
  const Action action = ActionOn("payments", "payments-4");
  const Override added = Applied(*add, action);
  const Override deleted = Applied(*del, action);
  EXPECT_EQ(gateway_->haproxy().Admin("show servers state payments").find("payments-4"),
            std::string::npos);
  EXPECT_EQ(deleted.changes[0].subject, "payments/payments-4@" + address);
  EXPECT_EQ(ShareOf(200, "payments", 50), 1.0);
  EXPECT_EQ(del->Undo(deleted, kDeadline).result, ActionResult::kDone);
  EXPECT_TRUE(WaitUntil(
      [&, slot = slot] {
        gateway_->Statuses("payments", 10);
        return slot->requests() > 0;
      },
      seconds(5)));
  EXPECT_TRUE(WaitUntil([&] { return add->Undo(added, kDeadline).result == ActionResult::kDone; },
                        seconds(5)));
}

TEST_F(RealHaproxyTest, AServerThatIsLookedUpByNameIsNotDeletedAndServesOn) {
  const auto executor = Executor({.operation = HaproxyOperation::kDelServer});
  const Override held = executor->Prepare(ActionOn("payments", "payments-2"), kDeadline).value();
  const OverrideReport report = executor->Apply(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kFailed);
  EXPECT_THAT(report.detail, HasSubstr("This server cannot be removed at runtime"));
  EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_TRUE(executor->Prepare(ActionOn("payments", "payments-1"), kDeadline)) << "it is back";
}

TEST_F(RealHaproxyTest, ARedirectSendsEverybodyToTheFallbackAndBack) {
  const auto executor = Executor({.operation = HaproxyOperation::kRedirect,
                                  .map = "/dev/null",
                                  .fallback = "override_fallback"});
  const int before = gateway_->RequestsTo("auth-1");
  const Override held = Applied(*executor, ActionOn("auth"));
  EXPECT_EQ(ShareOf(200, "auth", 50), 1.0) << "an apology";
  EXPECT_EQ(gateway_->RequestsTo("auth-1"), before);
  EXPECT_EQ(executor->ReadState(kDeadline).overrides.size(), 1U);
  EXPECT_THAT(executor->Inspect(held, kDeadline).found, ElementsAre(Standing::kInForce));
  Undone(*executor, held);
  EXPECT_EQ(gateway_->StatusOf("auth"), 200);
  EXPECT_EQ(gateway_->RequestsTo("auth-1"), before + 1);
}

TEST_F(RealHaproxyTest, TheSameIntentTakesTheSameSlotAndTheNextTheNext) {
  const auto out = Executor({.operation = HaproxyOperation::kScaleOut});
  const auto in = Executor({.operation = HaproxyOperation::kScaleIn});
  const Action first = ActionOn("auth");
  EXPECT_EQ(out->Execute(first, kDeadline).detail, "auth/auth-2: maint -> ready");
  EXPECT_EQ(out->Execute(first, kDeadline).detail, "auth/auth-2: already ready");
  EXPECT_EQ(out->Execute(ActionOn("auth"), kDeadline).detail, "auth/auth-3: maint -> ready");
  EXPECT_EQ(in->Execute(ActionOn("auth"), kDeadline).detail, "auth/auth-3: ready -> maint");
  const Action last = ActionOn("auth");
  EXPECT_EQ(in->Execute(last, kDeadline).detail, "auth/auth-2: ready -> maint");
  EXPECT_EQ(in->Observe(last).observation, Observation::kHappened);
}

TEST_F(RealHaproxyTest, AWeightAndALimitArePutAndTakenBack) {
  const auto weight = Executor({.operation = HaproxyOperation::kSetWeight, .percent = 10});
  const Override lighter = Applied(*weight, ActionOn("payments", "payments-1"));
  EXPECT_EQ(gateway_->haproxy().Admin("get weight payments/payments-1"), "10 (initial 100)\n\n");
  Undone(*weight, lighter);
  EXPECT_EQ(gateway_->haproxy().Admin("get weight payments/payments-1"), "100 (initial 100)\n\n");

  const auto maxconn = Executor({.operation = HaproxyOperation::kSetMaxconn, .maxconn = 20});
  const Override limited = Applied(*maxconn, ActionOn("payments", "payments-1"));
  EXPECT_EQ(limited.changes[0].before, "256");
  EXPECT_THAT(maxconn->Inspect(limited, kDeadline).found, ElementsAre(Standing::kInForce));
  EXPECT_EQ(maxconn->Undo(limited, kDeadline).detail, "payments/payments-1: 20 -> 256");
}

TEST_F(RealHaproxyTest, AReloadLosesEverythingAndApplyingBringsItBack) {
  const auto throttle = Executor({.operation = HaproxyOperation::kThrottle, .percent = 100});
  const auto drain = Executor({.operation = HaproxyOperation::kDrain});
  const auto redirect = Executor({.operation = HaproxyOperation::kRedirect,
                                  .map = "/dev/null",
                                  .fallback = "override_fallback"});
  const auto add = Executor({.operation = HaproxyOperation::kAddServer,
                             .address = LabelTemplate(gateway_->StartStranger().second)});
  const Override shed = Applied(*throttle, ActionOn("orders"));
  const Override drained = Applied(*drain, ActionOn("payments", "payments-1"));
  const Override redirected = Applied(*redirect, ActionOn("auth"));
  const Override added = Applied(*add, ActionOn("orders", "orders-4"));
  const std::string run = throttle->ReadState(kDeadline).keepers[0].run;
  gateway_->haproxy().Reload();

  for (const auto& [executor, held] : {std::pair{throttle.get(), shed},
                                       {drain.get(), drained},
                                       {redirect.get(), redirected},
                                       {add.get(), added}}) {
    const OverridesInForce state = executor->ReadState(kDeadline);
    EXPECT_TRUE(state.overrides.empty());
    ASSERT_EQ(state.keepers.size(), 1U);
    EXPECT_NE(state.keepers[0].run, run);
    EXPECT_THAT(executor->Inspect(held, kDeadline).found, ElementsAre(Standing::kLost));
    const Override again = Applied(*executor, held);
    EXPECT_EQ(again.changes[0].run, state.keepers[0].run);
  }
  EXPECT_TRUE(WaitUntil([&] { return gateway_->StatusOf("orders") == 429; }, seconds(5)));
  Undone(*throttle, shed);
  Undone(*drain, drained);
  Undone(*redirect, redirected);
  EXPECT_TRUE(WaitUntil([&] { return add->Undo(added, kDeadline).result == ActionResult::kDone; },
                        seconds(5)));
  EXPECT_TRUE(WaitUntil([&] { return gateway_->StatusOf("orders") == 200; }, seconds(5)));
}

TEST_F(RealHaproxyTest, WhatAHumanDoesOnTheSocketStays) {
  const auto drain = Executor({.operation = HaproxyOperation::kDrain});
  const Override held = Applied(*drain, ActionOn("payments", "payments-1"));
  gateway_->haproxy().Admin("set server payments/payments-1 state maint");
  const OverrideReport report = drain->Undo(held, kDeadline);
  EXPECT_THAT(report.found, ElementsAre(Standing::kReplaced));
  EXPECT_EQ(
      Executor({.operation = HaproxyOperation::kMaint})->ReadState(kDeadline).overrides.size(), 1U);
  gateway_->haproxy().Admin("set server payments/payments-1 state ready");
  EXPECT_THAT(drain->Inspect(held, kDeadline).found, ElementsAre(Standing::kTakenBack));
}

TEST_F(RealHaproxyTest, TwoHaproxiesAreHeldTogetherUntilOneDies) {
  const auto second = gateway_->StartSecond();
  const auto executor = ExecutorOn({gateway_->haproxy().socket(), second->socket()},
                                   {.operation = HaproxyOperation::kThrottle, .percent = 100});
  const Override held = Applied(*executor, ActionOn("auth"));
  EXPECT_EQ(executor->ReadState(kDeadline).overrides.size(), 2U);
  EXPECT_THAT(second->Admin("show table override_shed"), HasSubstr("key=auth"));
  second->process().Kill();
  const OverrideReport report = executor->Apply(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kFailed);
  EXPECT_THAT(report.found, ElementsAre(Standing::kInForce, Standing::kUnreadable));
  EXPECT_THAT(report.detail, testing::StartsWith("1 of 2 HAProxies: "));
  EXPECT_THAT(report.detail, HasSubstr("cannot connect: Connection refused"));
  EXPECT_EQ(executor->Execute(ActionOn("payments"), kDeadline).result, ActionResult::kFailed);
  EXPECT_EQ(gateway_->StatusOf("payments"), 200) << "nothing is half done knowingly";
  EXPECT_EQ(executor->Undo(held, kDeadline).result, ActionResult::kFailed);
  EXPECT_EQ(gateway_->StatusOf("auth"), 200);
}

TEST_F(RealHaproxyTest, ServersAndRedirectsAreTheSameInTwoHaproxies) {
  const auto second = gateway_->StartSecond();
  const auto on_both = [&](HaproxyOptions options) {
    return ExecutorOn({gateway_->haproxy().socket(), second->socket()}, std::move(options));
  };
  const auto add = on_both({.operation = HaproxyOperation::kAddServer,
                            .address = LabelTemplate(gateway_->StartStranger().second)});
  const auto redirect = on_both({.operation = HaproxyOperation::kRedirect,
                                 .map = "/dev/null",
                                 .fallback = "override_fallback"});
  const Override added = Applied(*add, ActionOn("auth", "auth-4"));
  const Override redirected = Applied(*redirect, ActionOn("auth"));
  EXPECT_THAT(second->Admin("show servers state auth"), HasSubstr("auth-4"));
  EXPECT_THAT(second->Admin("show map /dev/null"), HasSubstr("auth override_fallback"));
  second->Reload();
  EXPECT_THAT(add->Inspect(added, kDeadline).found,
              ElementsAre(Standing::kInForce, Standing::kLost));
  Applied(*add, added);
  Applied(*redirect, redirected);
  EXPECT_THAT(second->Admin("show servers state auth"), HasSubstr("auth-4"));
  EXPECT_THAT(second->Admin("show map /dev/null"), HasSubstr("auth override_fallback"));
  Undone(*redirect, redirected);
  EXPECT_EQ(add->Undo(added, kDeadline).result, ActionResult::kDone);
}

TEST_F(RealHaproxyTest, HostileLabelsChangeNothing) {
  const std::string before = gateway_->haproxy().Admin("show table override_shed");
  std::mt19937 random(20260501);
  const auto throttle = Executor({.operation = HaproxyOperation::kThrottle, .percent = 100});
  const auto maint = Executor({.operation = HaproxyOperation::kMaint});
  for (int i = 0; i < 300; ++i) {
    const std::string value = std::string("orders") + "; \n\\#@</"[random() % 8] +
                              "shutdown sessions server orders/orders-1";
    EXPECT_EQ(throttle->Execute(ActionOn(value), kDeadline).result, ActionResult::kFailed);
    EXPECT_EQ(maint->Execute(ActionOn("orders", value), kDeadline).result, ActionResult::kFailed);
  }
  EXPECT_EQ(gateway_->haproxy().Admin("show table override_shed"), before);
  EXPECT_EQ(gateway_->StatusOf("orders"), 200);
}

class OtherConfigurationTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!support::FindTool("haproxy")) GTEST_SKIP() << support::MissingTool("haproxy");
    const std::string socket = directory_.PathOf("user.sock");
    haproxy_ = std::make_unique<RealHaproxy>(
        directory_.Write("haproxy.cfg",
                         "global\n"
                         "    stats socket \"${GATEWAY_SOCKET}\" mode 600 level admin "
                         "severity-output number\n"
                         "    stats socket \"${USER_SOCKET}\" mode 600 level user\n"
                         "defaults\n    mode http\n    timeout connect 1s\n"
                         "    timeout client 1s\n    timeout server 1s\n"
                         "backend forever\n    stick-table type string len 64 size 1k store gpt0\n"
                         "backend short\n    stick-table type string len 4 size 1k expire 15s "
                         "store gpt0\n"
                         "backend nothing\n    stick-table type string len 64 size 1k expire 15s "
                         "store gpc0\n"
                         "backend orders\n    balance static-rr\n"
                         "    server orders-1 127.0.0.1:1 weight 1\n"
                         "    server orders-2 127.0.0.1:2 weight 100\n"),
        std::vector<std::pair<std::string, std::string>>{{"USER_SOCKET", socket}});
  }
  std::string Execute(HaproxyOptions options, const std::string& socket = "") {
    const auto executor =
        ExecutorOn({socket.empty() ? haproxy_->socket() : socket}, std::move(options));
    const Receipt receipt = executor->Execute(ActionOn("orders", "orders-1"), kDeadline);
    EXPECT_EQ(receipt.result, ActionResult::kFailed);
    return receipt.detail;
  }
  const support::TempDirectory directory_;
  std::unique_ptr<RealHaproxy> haproxy_;
};

TEST_F(OtherConfigurationTest, TablesThatAreNotMadeForOverridesAreRefusedAndLeftClean) {
  const auto throttle = [](const std::string& table) {
    return HaproxyOptions{.operation = HaproxyOperation::kThrottle, .percent = 40, .table = table};
  };
  EXPECT_THAT(Execute(throttle("forever")), HasSubstr("entries of table forever never expire"));
  EXPECT_THAT(Execute(throttle("short")), HasSubstr("table short cuts the key 'orders' to 'orde'"));
  EXPECT_THAT(Execute(throttle("nothing")), HasSubstr("Data type not stored in this table"));
  EXPECT_THAT(Execute(throttle("nowhere")), HasSubstr("HAProxy says: No such table"));
  for (const char* table : {"forever", "short"}) {
    EXPECT_THAT(haproxy_->Admin(fmt::format("show table {}", table)), HasSubstr("used:0")) << table;
  }
}

TEST_F(OtherConfigurationTest, ABackendThatCannotWeighSaysSo) {
  EXPECT_THAT(Execute({.operation = HaproxyOperation::kSetWeight, .percent = 10}),
              HasSubstr("10% of the configured weight 1 rounds to 0"));
  const auto executor =
      ExecutorOn({haproxy_->socket()}, {.operation = HaproxyOperation::kSetWeight, .percent = 10});
  EXPECT_THAT(executor->Execute(ActionOn("orders", "orders-2"), kDeadline).detail,
              HasSubstr("HAProxy says: Backend is using a static LB algorithm"));
}

TEST_F(OtherConfigurationTest, ASocketWithoutTheRightLevelSaysSo) {
  EXPECT_THAT(Execute({.operation = HaproxyOperation::kDrain}, directory_.PathOf("user.sock")),
              HasSubstr("HAProxy says: Permission denied"));
  EXPECT_THAT(Execute({.operation = HaproxyOperation::kThrottle, .percent = 40, .table = "short"},
                      directory_.PathOf("user.sock")),
              HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace promheal::healing
