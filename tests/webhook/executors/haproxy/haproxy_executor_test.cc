#include "webhook/executors/haproxy/haproxy_executor.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/webhook/executors/haproxy/executor_fixture.h"

// Execute, Check and Observe on HAProxies in memory.

namespace promheal::healing {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class HaproxyExecutorTest : public HaproxyExecutorFixture {
 protected:
  Receipt Execute(HaproxyOptions options, const Action& action, size_t gateways = 1) {
    return Executor(std::move(options), gateways)->Execute(action, kDeadline);
  }
  std::vector<std::string> Writes() const {
    std::vector<std::string> writes;
    for (const std::string& command : a_.commands) {
      if (!command.starts_with("show ")) writes.push_back(command);
    }
    return writes;
  }
};

TEST_F(HaproxyExecutorTest, EachOperationWritesOneCommandAndSaysWhatWasBefore) {
  struct Row {
    HaproxyOptions options;
    Action action;
    std::string command;
    std::string detail;
    std::string again;  // The same a second later.
  };
  const Action orders = ActionOn("orders");
  const Action payments_1 = ActionOn("payments", "payments-1");
  const Action payments_3 = ActionOn("payments", "payments-3");
  const Row rows[] = {
      {{.operation = HaproxyOperation::kThrottle, .percent = 40},
       orders,
       "set table override_shed key orders data.gpt0 40",
       "orders: none -> 40% for 15 s",
       "orders: renewed 40% for 15 s"},
      {{.operation = HaproxyOperation::kBreaker},
       orders,
       "set table override_breaker key orders data.gpc0 1 data.gpt0 0",
       "orders: none -> open for 15 s",
       "orders: renewed open for 15 s"},
      {{.operation = HaproxyOperation::kBreaker, .percent = 90},
       orders,
       "set table override_breaker key orders data.gpc0 1 data.gpt0 90",
       "orders: none -> 90% for 15 s",
       "orders: renewed 90% for 15 s"},
      {{.operation = HaproxyOperation::kDrain},
       payments_1,
       "set server payments/payments-1 state drain",
       "payments/payments-1: ready -> drain",
       "payments/payments-1: already drain"},
      {{.operation = HaproxyOperation::kMaint},
       payments_1,
       "set server payments/payments-1 state maint",
       "payments/payments-1: ready -> maint",
       "payments/payments-1: already maint"},
      {{.operation = HaproxyOperation::kReady},
       payments_3,
       "set server payments/payments-3 state ready",
       "payments/payments-3: maint -> ready",
       "payments/payments-3: already ready"},
      {{.operation = HaproxyOperation::kScaleOut},
       orders,
       "set server orders/orders-2 state ready",
       "orders/orders-2: maint -> ready",
       "orders/orders-2: already ready"},
      {{.operation = HaproxyOperation::kSetWeight, .percent = 25},
       payments_1,
       "set server payments/payments-1 weight 25",
       "payments/payments-1: 100 -> 25",
       "payments/payments-1: already 25"},
      {{.operation = HaproxyOperation::kSetMaxconn, .maxconn = 20},
       payments_1,
       "set maxconn server payments/payments-1 20",
       "payments/payments-1: 256 -> 20",
       "payments/payments-1: already 20"},
      {{.operation = HaproxyOperation::kRedirect, .map = "/maps/redirect", .fallback = "fallback"},
       orders,
       "add map /maps/redirect orders fallback",
       "orders: none -> fallback",
       "orders: already fallback"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.command);
    a_.Reload();
    clock_.Advance(std::chrono::hours(1));
    Action action = row.action;
    action.intended_at = clock_.Now();
    a_.commands.clear();
    const auto executor = Executor(row.options);
    const Receipt receipt = executor->Execute(action, kDeadline);
    EXPECT_EQ(receipt.result, ActionResult::kDone);
    EXPECT_EQ(receipt.detail, row.detail);
    EXPECT_THAT(Writes(), ElementsAre(row.command));
    const std::string state = a_.State();
    clock_.Advance(seconds(1));
    const Receipt again = executor->Execute(action, kDeadline);
    EXPECT_EQ(again.result, ActionResult::kDone);
    EXPECT_EQ(again.detail, row.again);
    EXPECT_EQ(a_.State(), state) << "twice is once";
  }
}

TEST_F(HaproxyExecutorTest, AServerJoinsAndIsDeleted) {
  const HaproxyOptions add{.operation = HaproxyOperation::kAddServer,
                           .address = LabelTemplate("10.0.0.7:8080")};
  const HaproxyOptions del{.operation = HaproxyOperation::kDelServer};
  const Action action = ActionOn("orders", "orders-4");
  EXPECT_EQ(Execute(add, action).detail, "orders/orders-4@10.0.0.7:8080: none -> member");
  EXPECT_THAT(Writes(), ElementsAre("add server orders/orders-4 10.0.0.7:8080 check inter 1s "
                                    "rise 1 fall 2 weight 100",
                                    "enable health orders/orders-4",
                                    "set server orders/orders-4 state ready"));
  EXPECT_EQ(Execute(add, action).detail, "orders/orders-4@10.0.0.7:8080: already member");
  EXPECT_EQ(Executor(add)->Observe(action).observation, Observation::kHappened);
  EXPECT_EQ(
      Execute({.operation = HaproxyOperation::kAddServer, .address = LabelTemplate("10.0.0.8:1")},
              action)
          .detail,
      "asking HAProxy at a: there is a server of that name already, at 10.0.0.7:8080: "
      "orders/orders-4@10.0.0.8:1");

  a_.commands.clear();
  EXPECT_EQ(Execute(del, action).detail, "orders/orders-4@10.0.0.7:8080: member -> none");
  EXPECT_THAT(Writes(), ElementsAre("set server orders/orders-4 state maint",
                                    "shutdown sessions server orders/orders-4",
                                    "del server orders/orders-4"));
  EXPECT_EQ(Execute(del, action).detail, "orders/orders-4: already none");
  EXPECT_EQ(Executor(del)->Observe(action).observation, Observation::kHappened);
}

TEST_F(HaproxyExecutorTest, TheLastServerIsNotDeleted) {
  const std::string before = a_.State();
  EXPECT_THAT(
      Execute({.operation = HaproxyOperation::kDelServer}, ActionOn("orders", "orders-1")).detail,
      HasSubstr("it would leave 0 slots that get requests, and at least 1 must stay"));
  EXPECT_EQ(a_.State(), before);
}

TEST_F(HaproxyExecutorTest, RedirectsOnlyToABackendThatExists) {
  const std::string before = a_.State();
  EXPECT_THAT(
      Execute(
          {.operation = HaproxyOperation::kRedirect, .map = "/maps/redirect", .fallback = "gone"},
          ActionOn("orders"))
          .detail,
      HasSubstr("the fallback backend gone does not exist"));
  EXPECT_THAT(
      Execute({.operation = HaproxyOperation::kRedirect, .map = "/no", .fallback = "fallback"},
              ActionOn("orders"))
          .detail,
      HasSubstr("HAProxy says: Unknown map identifier"));
  EXPECT_EQ(a_.State(), before);
}

TEST_F(HaproxyExecutorTest, ScalesOutSlotBySlotAndInAgain) {
  const HaproxyOptions out{.operation = HaproxyOperation::kScaleOut};
  const HaproxyOptions in{.operation = HaproxyOperation::kScaleIn};
  const auto execute = [&](const HaproxyOptions& options) {
    return Execute(options, ActionOn("orders")).detail;
  };
  EXPECT_EQ(execute(out), "orders/orders-2: maint -> ready");
  EXPECT_EQ(execute(out), "orders/orders-3: maint -> ready");
  EXPECT_EQ(execute(out), "no spare slot is left in backend orders");
  EXPECT_EQ(execute(in), "orders/orders-3: ready -> maint");
  EXPECT_EQ(execute(in), "orders/orders-2: ready -> maint");
  EXPECT_EQ(execute(in), "no spare slot of backend orders is in service");
}

TEST_F(HaproxyExecutorTest, AHalfOpenBreakerOpensWholly) {
  Execute({.operation = HaproxyOperation::kBreaker, .percent = 90}, ActionOn("orders"));
  Execute({.operation = HaproxyOperation::kBreaker}, ActionOn("orders"));
  EXPECT_EQ(a_.Entry("override_breaker", "orders"), "1/0");
}

TEST_F(HaproxyExecutorTest, AThrottleIsGoneUnlessItIsRenewed) {
  const HaproxyOptions options{.operation = HaproxyOperation::kThrottle, .percent = 40};
  Execute(options, ActionOn("orders"));
  clock_.Advance(seconds(14));
  Execute(options, ActionOn("orders"));
  clock_.Advance(seconds(14));
  EXPECT_EQ(a_.Entry("override_shed", "orders"), "0/40");
  clock_.Advance(seconds(1));
  EXPECT_EQ(a_.Entry("override_shed", "orders"), "");
}

TEST_F(HaproxyExecutorTest, LeavesSoManySlotsInService) {
  const Receipt last =
      Execute({.operation = HaproxyOperation::kDrain}, ActionOn("orders", "orders-1"));
  EXPECT_EQ(last.result, ActionResult::kFailed);
  EXPECT_THAT(
      last.detail,
      HasSubstr("refused: it would leave 0 slots that get requests, and at least 1 must stay"));
  Execute({.operation = HaproxyOperation::kScaleOut}, ActionOn("orders"));
  EXPECT_EQ(Execute({.operation = HaproxyOperation::kDrain}, ActionOn("orders", "orders-1")).result,
            ActionResult::kDone);
  EXPECT_EQ(Execute({.operation = HaproxyOperation::kDrain, .min_active = 2},
                    ActionOn("payments", "payments-1"))
                .result,
            ActionResult::kFailed);
}

TEST_F(HaproxyExecutorTest, ASlotThatIsDownMayAlwaysGo) {
  a_.Server("orders-1").health = ServerHealth::kStopped;
  EXPECT_EQ(Execute({.operation = HaproxyOperation::kDrain}, ActionOn("orders", "orders-1")).result,
            ActionResult::kDone);
}

TEST_F(HaproxyExecutorTest, WhatHaproxyRefusesHasFailed) {
  const Receipt receipt =
      Execute({.operation = HaproxyOperation::kThrottle, .table = "nowhere"}, ActionOn("orders"));
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_EQ(receipt.detail, "asking HAProxy at a: HAProxy says: No such table");
  EXPECT_THAT(
      Execute({.operation = HaproxyOperation::kDrain}, ActionOn("orders", "orders-9")).detail,
      HasSubstr("there is no server orders/orders-9"));
  EXPECT_THAT(Execute({.operation = HaproxyOperation::kScaleOut}, ActionOn("search")).detail,
              HasSubstr("Can't find backend"));
}

TEST_F(HaproxyExecutorTest, NothingIsWrittenWhereOneHaproxyCannotBeRead) {
  Break(b_, "", ErrorCode::kUnavailable);
  const std::string before = a_.State();
  const Receipt receipt =
      Execute({.operation = HaproxyOperation::kThrottle, .percent = 40}, ActionOn("orders"), 2);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_EQ(receipt.detail, "asking HAProxy at b: trouble");
  EXPECT_EQ(a_.State(), before);
}

TEST_F(HaproxyExecutorTest, PartialSuccessSaysWhichAndWhy) {
  Break(b_, "set table", ErrorCode::kUnavailable);
  const Receipt receipt =
      Execute({.operation = HaproxyOperation::kThrottle, .percent = 40}, ActionOn("orders"), 2);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_EQ(receipt.detail, "1 of 2 HAProxies: a orders: none -> 40% for 15 s; b orders: trouble");
}

TEST_F(HaproxyExecutorTest, ALostAnswerIsLookedAfter) {
  Break(a_, "set table", ErrorCode::kDataLoss, When::kAfter);
  EXPECT_EQ(
      Execute({.operation = HaproxyOperation::kThrottle, .percent = 40}, ActionOn("orders")).result,
      ActionResult::kDone);
  Break(a_, "set server", ErrorCode::kDataLoss);
  const Receipt receipt =
      Execute({.operation = HaproxyOperation::kDrain}, ActionOn("payments", "payments-1"));
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_EQ(receipt.detail, "payments/payments-1: HAProxy did not answer, but shows ready");
}

TEST_F(HaproxyExecutorTest, AHaproxyThatHangsIsUnknownAndNotAskedAgain) {
  Break(a_, "set table", ErrorCode::kTimeout, When::kAfter);
  const Receipt receipt =
      Execute({.operation = HaproxyOperation::kThrottle, .percent = 40}, ActionOn("orders"));
  EXPECT_EQ(receipt.result, ActionResult::kUnknown);
  EXPECT_THAT(a_.commands.back(), StartsWith("set table"));
}

TEST_F(HaproxyExecutorTest, ATableThatNeverForgetsIsRefusedAndLeftClean) {
  const HaproxyOptions options{.operation = HaproxyOperation::kThrottle, .percent = 40};
  for (const std::optional<Duration> expires :
       {std::optional<Duration>(), std::optional<Duration>(std::chrono::hours(1))}) {
    a_.table_expires = expires;
    const Receipt receipt = Execute(options, ActionOn("orders"));
    EXPECT_EQ(receipt.result, ActionResult::kFailed);
    EXPECT_THAT(receipt.detail, HasSubstr("give it `expire 15s`"));
    EXPECT_EQ(a_.Entry("override_shed", "orders"), "");
  }
}

TEST_F(HaproxyExecutorTest, ATableThatCutsKeysIsRefusedAndLeftClean) {
  a_.key_length = 4;
  const Receipt receipt =
      Execute({.operation = HaproxyOperation::kThrottle, .percent = 40}, ActionOn("orders"));
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(receipt.detail, HasSubstr("table override_shed cuts the key 'orders' to 'orde'"));
  EXPECT_EQ(a_.Entry("override_shed", "orde"), "");
}

TEST_F(HaproxyExecutorTest, ObservesByTheState) {
  struct Row {
    const char* sentence;
    HaproxyOptions options;
    std::string instance;
    std::vector<std::string> since;  // Commands that came after the intent.
    Observation expected;
  };
  const HaproxyOptions throttle{.operation = HaproxyOperation::kThrottle, .percent = 40};
  const HaproxyOptions drain{.operation = HaproxyOperation::kDrain};
  const HaproxyOptions scale_out{.operation = HaproxyOperation::kScaleOut};
  const Row rows[] = {
      {"the entry is there",
       throttle,
       "",
       {"set table override_shed key orders data.gpt0 40"},
       Observation::kHappened},
      {"there is none", throttle, "", {}, Observation::kNotHappened},
      {"there is another",
       throttle,
       "",
       {"set table override_shed key orders data.gpt0 20"},
       Observation::kUnknown},
      {"the slot is drained",
       drain,
       "orders-1",
       {"set server orders/orders-1 state drain"},
       Observation::kHappened},
      {"the slot is not", drain, "orders-1", {}, Observation::kNotHappened},
      {"there is no such slot", drain, "orders-9", {}, Observation::kUnknown},
      {"a spare is in service",
       scale_out,
       "",
       {"set server orders/orders-2 state ready"},
       Observation::kHappened},
      {"no spare is", scale_out, "", {}, Observation::kNotHappened},
      {"a spare of another backend is",
       scale_out,
       "",
       {"set server payments/payments-3 state ready"},
       Observation::kNotHappened},
  };
  for (const Row& row : rows) {
    a_.Reload();
    clock_.Advance(std::chrono::hours(1));
    const Action action = ActionOn("orders", row.instance);
    clock_.Advance(seconds(1));
    for (const std::string& command : row.since) a_.Answer(command);
    clock_.Advance(seconds(3));
    EXPECT_EQ(Executor(row.options)->Observe(action).observation, row.expected) << row.sentence;
  }
}

TEST_F(HaproxyExecutorTest, WhatMayHaveExpiredOrBeenLostIsUnknown) {
  const HaproxyOptions throttle{.operation = HaproxyOperation::kThrottle, .percent = 40};
  const Action action = ActionOn("orders", "orders-1");
  clock_.Advance(seconds(15));
  EXPECT_EQ(Executor(throttle)->Observe(action).detail,
            "orders is none; it would have expired by now");
  a_.Reload();
  const ObservationReport report =
      Executor({.operation = HaproxyOperation::kDrain})->Observe(action);
  EXPECT_EQ(report.observation, Observation::kUnknown);
  EXPECT_EQ(report.detail, "orders/orders-1 is ready; HAProxy was reloaded since");
}

TEST_F(HaproxyExecutorTest, WhatHalfHappenedIsUnknown) {
  const HaproxyOptions throttle{.operation = HaproxyOperation::kThrottle, .percent = 40};
  const Action action = ActionOn("orders");
  a_.Answer("set table override_shed key orders data.gpt0 40");
  EXPECT_EQ(Executor(throttle, 2)->Observe(action).observation, Observation::kUnknown);
  b_.Answer("set table override_shed key orders data.gpt0 40");
  EXPECT_EQ(Executor(throttle, 2)->Observe(action).observation, Observation::kHappened);
  Break(b_, "", ErrorCode::kUnavailable);
  EXPECT_EQ(Executor(throttle, 2)->Observe(action).observation, Observation::kUnknown);
}

TEST_F(HaproxyExecutorTest, SaysWhatItDoes) {
  EXPECT_EQ(Executor({.operation = HaproxyOperation::kThrottle, .percent = 40})->description(),
            "haproxy: throttle 40% of {service}");
  EXPECT_EQ(Executor({.operation = HaproxyOperation::kDrain})->description(),
            "haproxy: drain of {service}/{instance}");
  EXPECT_EQ(Executor({.operation = HaproxyOperation::kSetMaxconn, .maxconn = 7})->description(),
            "haproxy: set_maxconn 7 of {service}/{instance}");
}

// For any labels, Check and Execute agree. A refused action sends nothing; any other sends as many
// commands and words as for an ordinary name.
TEST_F(HaproxyExecutorTest, NoLabelValueChangesTheNumberOfCommands) {
  std::mt19937 random(20260301);
  const auto value = [&] {
    std::string text;
    const size_t length = 1 + random() % 5;
    for (size_t i = 0; i < length; ++i) {
      text +=
          random() % 5 == 0 ? static_cast<char>(random() % 256) : "abz09_.:-; \\\n/"[random() % 14];
    }
    return text;
  };
  const auto throttle = Executor({.operation = HaproxyOperation::kThrottle, .percent = 40});
  const auto drain = Executor({.operation = HaproxyOperation::kDrain});
  int sent = 0;
  for (int i = 0; i < 5000; ++i) {
    const Action action = ActionOn(value(), value());
    a_.commands.clear();
    a_.Reload();
    const Receipt receipt = throttle->Execute(action, kDeadline);
    ASSERT_EQ(receipt.result == ActionResult::kDone, throttle->Check(action).has_value());
    ASSERT_EQ(a_.commands.size(), receipt.result == ActionResult::kDone ? 5U : 0U);
    const bool may_drain = drain->Check(action).has_value();
    const size_t before = a_.commands.size();
    drain->Execute(action, kDeadline);
    sent += static_cast<int>(a_.commands.size());
    if (!may_drain) {
      ASSERT_EQ(a_.commands.size(), before) << "it must not be asked about at all";
    }
    for (const std::string& command : a_.commands) {
      ASSERT_EQ(command.find_first_of("\n\r;\\\t"), std::string::npos) << command;
    }
  }
  EXPECT_GT(sent, 500);
}

}  // namespace
}  // namespace promheal::healing
