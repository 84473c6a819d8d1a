#include <gmock/gmock.h>

#include "tests/webhook/executors/executor_fixture.h"
#include "tests/webhook/executors/swarm/fake_swarm.h"
#include "webhook/executors/swarm/swarm_manager.h"

namespace promheal::healing {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kOrders = "shop_orders";

class SwarmTest : public ExecutorFixture {
 protected:
  SwarmTest() { swarm_.Add(kOrders, 2); }

  int Replicas() { return swarm_.ReplicasOf(kOrders); }
  std::unique_ptr<Executor> Of(SwarmOperation operation, const char* service = "shop_{service}") {
    SwarmOptions options;
    options.socket = "engine";
    options.operation = operation;
    options.service = LabelTemplate(service);
    return MakeSwarmExecutor(SwarmManager{std::move(options), swarm_.Api(), clock_});
  }

  FakeSwarm swarm_{clock_};
  const std::unique_ptr<Executor> out_ = Of(SwarmOperation::kScaleOut);
  const std::unique_ptr<Executor> in_ = Of(SwarmOperation::kScaleIn);
  const std::unique_ptr<Executor> restart_ = Of(SwarmOperation::kRestart);
};

TEST_F(SwarmTest, ScalesOutByOneReplicaAndBack) {
  const Action action = ActionOn("orders");
  const nlohmann::json before = swarm_.SpecOf(kOrders);
  const auto held = Held(out_).Prepare(action, kDeadline);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(held->changes[0].subject, kOrders);
  EXPECT_EQ(held->changes[0].before, "2 replicas");
  EXPECT_EQ(held->changes[0].after, "3 replicas by intent/1");
  const OverrideReport report = Held(out_).Apply(*held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kDone);
  EXPECT_EQ(report.detail, "shop_orders: 2 replicas -> 3 replicas by intent/1, 3 tasks run");
  EXPECT_EQ(Replicas(), 3);
  EXPECT_EQ(Held(out_).Undo(report.now, kDeadline).detail,
            "shop_orders: 3 replicas by intent/1 -> 2 replicas");
  EXPECT_EQ(swarm_.SpecOf(kOrders), before) << "all else is as it was";
  EXPECT_EQ(Held(out_).Undo(report.now, kDeadline).result, ActionResult::kDone) << "twice is once";
}

TEST_F(SwarmTest, ScalesInByOneReplicaAndBack) {
  const Override held = Applied(Held(in_), ActionOn("orders"));
  EXPECT_EQ(Replicas(), 1);
  EXPECT_EQ(Held(in_).Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(Replicas(), 2);
}

TEST_F(SwarmTest, NeverGoesBeyondTheMostOrBelowTheLeast) {
  swarm_.ScaleByHand(kOrders, 3);
  EXPECT_EQ(out_->Execute(ActionOn("orders"), kDeadline).detail,
            "refused: there are 3 replicas already, and at most 3 are allowed");
  swarm_.ScaleByHand(kOrders, 1);
  EXPECT_EQ(in_->Execute(ActionOn("orders"), kDeadline).detail,
            "refused: there are 1 replicas already, and at least 1 are allowed");
}

TEST_F(SwarmTest, AServiceWithoutTheOptInLabelIsLeftAlone) {
  swarm_.SpecOf(kOrders)["Labels"].erase("promheal.enable");
  const nlohmann::json before = swarm_.SpecOf(kOrders);
  for (const auto* executor : {&out_, &in_, &restart_}) {
    const Receipt receipt = (*executor)->Execute(ActionOn("orders"), kDeadline);
    EXPECT_EQ(receipt.result, ActionResult::kFailed);
    EXPECT_EQ(receipt.detail,
              "refused: service shop_orders does not have the label promheal.enable=true");
  }
  EXPECT_EQ(swarm_.SpecOf(kOrders), before);
}

TEST_F(SwarmTest, AGlobalServiceHasNoNumberToChange) {
  swarm_.SpecOf(kOrders)["Mode"] = {{"Global", nlohmann::json::object()}};
  EXPECT_EQ(out_->Execute(ActionOn("orders"), kDeadline).detail,
            "refused: service shop_orders is global, with one task on each node: it has no number "
            "of replicas");
  EXPECT_EQ(restart_->Execute(ActionOn("orders"), kDeadline).result, ActionResult::kDone);
}

TEST_F(SwarmTest, ReadsAndDecidesAgainIfAnotherWriterWasFaster) {
  int faster = 2;
  swarm_.before_update = [&] {
    if (faster-- > 0) swarm_.At(kOrders)["Version"]["Index"] = 100 - faster;
  };
  Applied(Held(out_), ActionOn("orders"));
  EXPECT_EQ(Replicas(), 3);
}

TEST_F(SwarmTest, ANumberThatAnotherWriterChangedMeanwhileStays) {
  swarm_.before_update = [&] {
    swarm_.before_update = nullptr;
    swarm_.ScaleByHand(kOrders, 7);
  };
  const Receipt receipt = out_->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(receipt.detail, HasSubstr("left alone, because another writer set it to 7 replicas"));
  EXPECT_EQ(Replicas(), 7);
}

TEST_F(SwarmTest, AServiceThatNeverStandsStillIsGivenUp) {
  int index = 100;
  swarm_.before_update = [&] { swarm_.At(kOrders)["Version"]["Index"] = ++index; };
  const Receipt receipt = out_->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(receipt.detail, HasSubstr("the service was changed meanwhile"));
  EXPECT_EQ(index, 105) << "five times are enough";
}

TEST_F(SwarmTest, UndoLeavesAloneWhatAPersonHasDecided) {
  const Override held = Applied(Held(out_), ActionOn("orders"));
  swarm_.ScaleByHand(kOrders, 5);
  EXPECT_THAT(Held(out_).Inspect(held, kDeadline).found, ElementsAre(Standing::kReplaced));
  const OverrideReport report = Held(out_).Undo(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kDone);
  EXPECT_EQ(report.detail, "shop_orders: left alone, because another writer set it to 5 replicas");
  swarm_.ScaleByHand(kOrders, 2);
  EXPECT_THAT(Held(out_).Inspect(held, kDeadline).found, ElementsAre(Standing::kTakenBack));
  EXPECT_EQ(Held(out_).Apply(held, kDeadline).result, ActionResult::kFailed);
  EXPECT_EQ(Replicas(), 2);
}

TEST_F(SwarmTest, WithoutItsServiceThereIsNothingToUndo) {
  const Override held = Applied(Held(out_), ActionOn("orders"));
  swarm_.Remove(kOrders);
  const OverrideReport report = Held(out_).Undo(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kDone);
  EXPECT_THAT(report.detail, HasSubstr("shop_orders: its place is gone"));
}

TEST_F(SwarmTest, AProxyThatKnowsNoSuchPathDoesNotMakeItForgetWhatItHolds) {
  const Override held = Applied(Held(out_), ActionOn("orders"));
  swarm_.trouble = {"GET /services/shop_orders",
                    {ErrorCode::kNotFound, "the engine answers 404: page not found"}};
  EXPECT_NE(Held(out_).Undo(held, kDeadline).result, ActionResult::kDone);
  swarm_.trouble.reset();
  EXPECT_EQ(Held(out_).Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(Replicas(), 2);
}

TEST_F(SwarmTest, TasksThatFindNoPlaceAreSaidAndTakenBackWithinTheDeadline) {
  swarm_.room = 2;
  const Duration before = clock_.Monotonic();
  const Receipt receipt = out_->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(
      receipt.detail,
      HasSubstr("2 tasks run; pending: no suitable node (insufficient resources on 1 node)"));
  EXPECT_LE(clock_.Monotonic() - before, kDeadline);
  EXPECT_EQ(Replicas(), 2);
}

TEST_F(SwarmTest, TheSameIntentAgainAddsNothing) {
  const Action action = ActionOn("orders");
  EXPECT_EQ(out_->Execute(action, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(out_->Execute(action, kDeadline).detail, "shop_orders: already 3 replicas by intent/1");
  EXPECT_EQ(Replicas(), 3);
}

TEST_F(SwarmTest, AfterALostAnswerTheLabelTells) {
  for (const bool carried_out : {false, true}) {
    const Action action = ActionOn("orders");
    swarm_.trouble = {
        .what = "/update", .error = {ErrorCode::kDataLoss, "cut off"}, .after = carried_out};
    EXPECT_EQ(out_->Execute(action, kDeadline).result, ActionResult::kUnknown);
    EXPECT_EQ(restart_->Execute(action, kDeadline).result, ActionResult::kUnknown);
    swarm_.trouble.reset();
    const Observation expected = carried_out ? Observation::kHappened : Observation::kNotHappened;
    EXPECT_EQ(out_->Observe(action).observation, expected);
    EXPECT_EQ(restart_->Observe(action).observation, expected);
  }
}

TEST_F(SwarmTest, WhatItHasSetIsFoundEvenWithoutALedger) {
  EXPECT_THAT(Held(out_).ReadState(kDeadline).overrides, SizeIs(0));
  const Override held = Applied(Held(out_), ActionOn("orders"));
  const OverridesInForce state = Held(out_).ReadState(kDeadline);
  ASSERT_THAT(state.overrides, SizeIs(1));
  EXPECT_TRUE(IsSamePlace(state.overrides[0].changes[0], held.changes[0]));
  EXPECT_EQ(state.overrides[0].changes[0].after, held.changes[0].after);
  swarm_.ScaleByHand(kOrders, 5);
  EXPECT_THAT(Held(out_).ReadState(kDeadline).overrides, SizeIs(0)) << "a person's number";
}

TEST_F(SwarmTest, RestartsAllTasksOnceForEachIntent) {
  const Action action = ActionOn("orders");
  EXPECT_EQ(restart_->Execute(action, kDeadline).detail, "shop_orders: restarted");
  EXPECT_EQ(restart_->Execute(action, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(swarm_.SpecOf(kOrders)["TaskTemplate"]["ForceUpdate"], 1);
  EXPECT_EQ(Replicas(), 2);
}

TEST_F(SwarmTest, ARestartThatTheSwarmGivesUpHasFailed) {
  swarm_.update_ends = "paused";
  EXPECT_EQ(restart_->Execute(ActionOn("orders"), kDeadline).detail,
            "shop_orders: paused: update paused");
}

TEST_F(SwarmTest, NothingIsRestartedWhereThereIsNothing) {
  swarm_.ScaleByHand(kOrders, 0);
  EXPECT_EQ(restart_->Execute(ActionOn("orders"), kDeadline).detail,
            "nothing to restart: service shop_orders has no replicas");
}

TEST_F(SwarmTest, RehearsesWithoutChangingAnything) {
  EXPECT_EQ(out_->Rehearse(ActionOn("orders"), kDeadline).value(),
            "would set shop_orders at engine: 2 replicas -> 3 replicas by intent/1");
  EXPECT_EQ(restart_->Rehearse(ActionOn("orders"), kDeadline).value(),
            "would restart service shop_orders, which has 2 replicas");
  for (const std::string& request : swarm_.requests) EXPECT_EQ(request.find("POST"), request.npos);
}

TEST_F(SwarmTest, ProbesWhetherTheEngineManagesASwarm) {
  EXPECT_EQ(out_->Probe(kDeadline).value(),
            "Docker 20.10.24, API 1.41, at engine; manages a Swarm, where 1 services have "
            "promheal.enable=true");
  swarm_.manages = false;
  const auto probed = out_->Probe(kDeadline);
  ASSERT_FALSE(probed);
  EXPECT_THAT(probed.error().message, HasSubstr("This node is not a swarm manager"));
  EXPECT_EQ(out_->Execute(ActionOn("orders"), kDeadline).result, ActionResult::kFailed);
}

TEST_F(SwarmTest, OnlyTheWholeNameIsTheService) {
  const auto id = swarm_.At(kOrders)["ID"].get<std::string>();
  const auto executor = Of(SwarmOperation::kScaleOut, "{service}");
  EXPECT_THAT(executor->Execute(ActionOn(id.substr(0, 8)), kDeadline).detail,
              HasSubstr("no service " + id.substr(0, 8)));
  for (const char* name : {"", "..", "-x", "a/b", "a b", "a%2fb", "\xc3\xa9", "a\n"}) {
    swarm_.requests.clear();
    EXPECT_FALSE(executor->Check(ActionOn(name))) << name;
    EXPECT_EQ(executor->Execute(ActionOn(name), kDeadline).result, ActionResult::kFailed);
    EXPECT_THAT(swarm_.requests, SizeIs(0)) << name;
  }
  EXPECT_EQ(Replicas(), 2);
}

}  // namespace
}  // namespace promheal::healing
