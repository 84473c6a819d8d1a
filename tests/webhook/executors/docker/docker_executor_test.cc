#include "webhook/executors/docker/docker_executor.h"

#include <gmock/gmock.h>

#include "tests/webhook/executors/docker/docker_fixture.h"

namespace promheal::healing {
namespace {

using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class DockerExecutorTest : public DockerFixture {
 protected:
  bool Asked(const std::string& what) const {
    for (const std::string& request : engine_.requests) {
      if (request.find(what) != std::string::npos) return true;
    }
    return false;
  }
};

TEST_F(DockerExecutorTest, RestartsTheOnlyContainerOfAService) {
  const auto executor = Make(DockerOperation::kRestart);
  const Action action = ActionOn("orders");
  EXPECT_EQ(executor->Observe(action).observation, Observation::kNotHappened);
  const Receipt receipt = executor->Execute(action, kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kDone);
  EXPECT_EQ(receipt.detail, "shop_orders_1: runs (was running)");
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
}

TEST_F(DockerExecutorTest, OfSeveralContainersItRestartsTheOneThatIsBroken) {
  engine_.Exit("shop_payments_2", 139);
  clock_.Advance(seconds(5));
  const Receipt receipt = Make(DockerOperation::kRestart)->Execute(ActionOn("payments"), kDeadline);
  EXPECT_EQ(receipt.detail, "shop_payments_2: runs (was exited)");
  EXPECT_FALSE(Asked("1/restart"));
}

TEST_F(DockerExecutorTest, UnhealthyIsBroken) {
  engine_.At("shop_payments_1")["State"]["Health"]["Status"] = "unhealthy";
  engine_.health_after_start = "healthy";
  const Receipt receipt = Make(DockerOperation::kRestart)->Execute(ActionOn("payments"), kDeadline);
  EXPECT_EQ(receipt.detail, "shop_payments_1: healthy (was unhealthy)");
}

TEST_F(DockerExecutorTest, RefusesToGuessWhichOfSeveralHealthyContainersIsMeant) {
  const Receipt receipt = Make(DockerOperation::kRestart)->Execute(ActionOn("payments"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(receipt.detail, HasSubstr("nothing to restart"));
  EXPECT_FALSE(Asked("POST"));
}

TEST_F(DockerExecutorTest, NeverTakesMoreThanAtMost) {
  engine_.Exit("shop_payments_1", 1);
  engine_.Exit("shop_payments_2", 1);
  DockerOptions options = Options(DockerOperation::kRestart);
  EXPECT_THAT(Make(options)->Execute(ActionOn("payments"), kDeadline).detail,
              HasSubstr("2 match, more than at_most 1"));
  EXPECT_FALSE(Asked("POST"));
  options.at_most = 2;
  EXPECT_EQ(Make(options)->Execute(ActionOn("payments"), kDeadline).result, ActionResult::kDone);
}

TEST_F(DockerExecutorTest, AContainerWithoutTheOptInLabelDoesNotExistForIt) {
  engine_.At("shop_orders_1")["Config"]["Labels"].erase("promheal.enable");
  for (const DockerOperationInfo& info : DockerOperations()) {
    const Receipt receipt = Make(info.operation)->Execute(ActionOn("orders"), kDeadline);
    EXPECT_EQ(receipt.result, ActionResult::kFailed) << info.name;
  }
  engine_.At("shop_orders_1")["Config"]["Labels"]["promheal.enable"] = "false";
  EXPECT_THAT(Make(DockerOperation::kRestart)->Execute(ActionOn("orders"), kDeadline).detail,
              HasSubstr("promheal.enable=true"));
  EXPECT_FALSE(Asked("POST"));
}

TEST_F(DockerExecutorTest, WaitsUntilTheHealthCheckHasAnswered) {
  engine_.At("shop_orders_1")["State"]["Health"]["Status"] = "unhealthy";
  engine_.health_after_start = "starting";
  int waited = 0;
  engine_.while_waiting = [&] {
    if (++waited == 5) engine_.At("shop_orders_1")["State"]["Health"]["Status"] = "healthy";
  };
  const auto executor = Make(DockerOperation::kRestart);
  EXPECT_EQ(executor->Execute(ActionOn("orders"), kDeadline).detail,
            "shop_orders_1: healthy (was unhealthy)");
  engine_.health_after_start = "unhealthy";
  EXPECT_EQ(executor->Execute(ActionOn("orders"), kDeadline).result, ActionResult::kFailed);
}

TEST_F(DockerExecutorTest, OneThatEndsAgainHasFailed) {
  engine_.ends_after_start = true;
  const Receipt receipt = Make(DockerOperation::kRestart)->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(receipt.detail, HasSubstr("exited again, exit code 1"));
}

TEST_F(DockerExecutorTest, TheGraceLeavesTimeForWhatComesAfter) {
  Make(DockerOperation::kRestart)->Execute(ActionOn("orders"), seconds(8));
  EXPECT_THAT(engine_.requests, Contains(HasSubstr("restart?t=4")));
  Make(DockerOperation::kRestart)->Execute(ActionOn("orders"), seconds(60));
  EXPECT_THAT(engine_.requests, Contains(HasSubstr("restart?t=10")));
}

TEST_F(DockerExecutorTest, AnEngineThatAnswersAnErrorHasFailed) {
  engine_.trouble = {
      .what = "/restart", .error = {ErrorCode::kInternal, "no space"}, .status = 500};
  const Receipt receipt = Make(DockerOperation::kRestart)->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_EQ(receipt.detail, "shop_orders_1: the engine answers 500: no space");
}

TEST_F(DockerExecutorTest, AnEngineThatHangsBeforeAnythingWasAskedForHasFailed) {
  engine_.trouble = {.what = "GET ", .error = {ErrorCode::kTimeout, "no answer"}};
  const Receipt receipt = Make(DockerOperation::kRestart)->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(receipt.detail, HasSubstr("asking the engine at engine"));
}

TEST_F(DockerExecutorTest, AfterALostAnswerItIsTheStartTimeThatTells) {
  const auto executor = Make(DockerOperation::kRestart);
  for (const bool carried_out : {false, true}) {
    clock_.Advance(seconds(60));
    const Action action = ActionOn("orders");
    engine_.trouble = {
        .what = "/restart", .error = {ErrorCode::kTimeout, "no answer"}, .after = carried_out};
    EXPECT_EQ(executor->Execute(action, kDeadline).result, ActionResult::kUnknown);
    engine_.trouble.reset();
    EXPECT_EQ(executor->Observe(action).observation,
              carried_out ? Observation::kHappened : Observation::kNotHappened);
  }
}

TEST_F(DockerExecutorTest, WhatCannotBeSeenIsUnknown) {
  const auto executor = Make(DockerOperation::kRestart);
  const Action action = ActionOn("orders");
  engine_.trouble = {.what = "GET ", .error = {ErrorCode::kUnavailable, "refused"}};
  EXPECT_EQ(executor->Observe(action).observation, Observation::kUnknown);
  engine_.trouble.reset();
  EXPECT_EQ(executor->Observe(ActionOn("auth")).observation, Observation::kUnknown);
}

TEST_F(DockerExecutorTest, StartsWhatIsStoppedAndNothingElse) {
  const auto executor = Make(DockerOperation::kStart);
  EXPECT_EQ(executor->Execute(ActionOn("orders"), kDeadline).result, ActionResult::kFailed);
  engine_.Exit("shop_orders_1", 0);
  const Action action = ActionOn("orders");
  EXPECT_EQ(executor->Observe(action).observation, Observation::kNotHappened);
  EXPECT_EQ(executor->Execute(action, kDeadline).detail, "shop_orders_1: runs");
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
}

TEST_F(DockerExecutorTest, UnpausesWhatIsPaused) {
  engine_.At("shop_orders_1")["State"]["Status"] = "paused";
  const auto executor = Make(DockerOperation::kUnpause);
  EXPECT_EQ(executor->Execute(ActionOn("orders"), kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(engine_.Status("shop_orders_1"), "running");
}

TEST_F(DockerExecutorTest, RehearsesWithoutChangingAnything) {
  engine_.Exit("shop_payments_2", 139);
  const auto executor = Make(DockerOperation::kRestart);
  EXPECT_EQ(executor->Rehearse(ActionOn("payments"), kDeadline).value(),
            "would restart shop_payments_2, which is exited");
  EXPECT_FALSE(executor->Rehearse(ActionOn("auth"), kDeadline));
  EXPECT_FALSE(Asked("POST"));
}

TEST_F(DockerExecutorTest, ProbesWhoAnswersAndWhatIsPermitted) {
  EXPECT_EQ(Make(DockerOperation::kRestart)->Probe(kDeadline).value(),
            "Docker 20.10.24, API 1.41, at engine; 3 containers have promheal.enable=true");
}

TEST_F(DockerExecutorTest, AMissingLabelIsRefusedBeforeAnybodyIsAsked) {
  Action action = ActionOn("orders");
  action.labels = {};
  EXPECT_FALSE(Make(DockerOperation::kRestart)->Check(action));
  EXPECT_EQ(Make(DockerOperation::kRestart)->Execute(action, kDeadline).result,
            ActionResult::kFailed);
  EXPECT_TRUE(engine_.requests.empty());
}

TEST_F(DockerExecutorTest, ScaleInRemovesOnlyWhatScaleOutHasMade) {
  const auto executor = Make(DockerOperation::kScaleIn);
  EXPECT_THAT(executor->Execute(ActionOn("payments"), kDeadline).detail,
              HasSubstr("none of the containers was made by scale_out"));
  engine_.Add("shop_payments_3", {{"service", "payments"}, {"promheal.made_by", "intent/7"}});
  const Action action = ActionOn("payments");
  EXPECT_EQ(executor->Execute(action, kDeadline).detail, "shop_payments_3: removed");
  EXPECT_FALSE(engine_.Has("shop_payments_3"));
  EXPECT_TRUE(engine_.Has("shop_payments_2"));
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
}

}  // namespace
}  // namespace promheal::healing
