#include <gmock/gmock.h>

#include "tests/webhook/executors/docker/docker_fixture.h"

namespace promheal::healing {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class DockerOverrideTest : public DockerFixture {
 protected:
  DockerOptions ScaleOut() const {
    DockerOptions options = Options(DockerOperation::kScaleOut);
    options.gateway = {
        .sockets = {"gateway"}, .backend = LabelTemplate("{service}"), .port = 3011, .network = ""};
    return options;
  }
  std::string ServerLine(const std::string& name) {
    const std::string all = haproxy_.Answer("show servers state orders");
    const size_t at = all.find(name);
    return at == std::string::npos ? "" : all.substr(at, all.find('\n', at) - at);
  }
  nlohmann::json& Host(const std::string& name) { return engine_.At(name)["HostConfig"]; }
};

TEST_F(DockerOverrideTest, StopsOneOfTwoAndStartsItAgain) {
  const auto executor = Make(DockerOperation::kStop);
  const Override held = Applied(Held(executor), ActionOn("payments"));
  EXPECT_EQ(engine_.Status("shop_payments_1"), "exited");
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).detail, "shop_payments_1: stopped -> running");
  EXPECT_EQ(engine_.Status("shop_payments_1"), "running");
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).result, ActionResult::kDone) << "twice is once";
}

TEST_F(DockerOverrideTest, NeverStopsTheLastOne) {
  for (const DockerOperation operation : {DockerOperation::kStop, DockerOperation::kPause}) {
    const auto held = Held(Make(operation)).Prepare(ActionOn("orders"), kDeadline);
    ASSERT_FALSE(held);
    EXPECT_THAT(held.error().message,
                AllOf(HasSubstr("fewer than 1 of"), HasSubstr("would go on running")));
  }
}

TEST_F(DockerOverrideTest, PausesAndLetsGoOn) {
  const auto executor = Make(DockerOperation::kPause);
  const Override held = Applied(Held(executor), ActionOn("payments"));
  EXPECT_EQ(engine_.Status("shop_payments_1"), "paused");
  EXPECT_EQ(Held(executor).ReadState(kDeadline).overrides.size(), 1U);
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(engine_.Status("shop_payments_1"), "running");
}

TEST_F(DockerOverrideTest, LeavesAloneWhatAnotherWriterTookBack) {
  const auto executor = Make(DockerOperation::kPause);
  const Override held = Applied(Held(executor), ActionOn("payments"));
  engine_.At("shop_payments_1")["State"]["Status"] = "running";
  EXPECT_EQ(Held(executor).Apply(held, kDeadline).result, ActionResult::kFailed);
  EXPECT_THAT(Held(executor).Inspect(held, kDeadline).found, ElementsAre(Standing::kTakenBack));
  engine_.Exit("shop_payments_1", 0);
  EXPECT_THAT(Held(executor).Inspect(held, kDeadline).found, ElementsAre(Standing::kReplaced));
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(engine_.Status("shop_payments_1"), "exited");
}

TEST_F(DockerOverrideTest, LimitsCpusAndLiftsThemAgain) {
  DockerOptions options = Options(DockerOperation::kLimit);
  options.nano_cpus = 500'000'000;
  const auto executor = Make(options);
  const Override held = Applied(Held(executor), ActionOn("orders"));
  EXPECT_EQ(held.changes[0].before, "cpus=unlimited");
  EXPECT_EQ(held.changes[0].after, "cpus=0.5");
  EXPECT_EQ(Host("shop_orders_1")["CpuQuota"], 50000);
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).detail,
            "shop_orders_1: cpus=0.5 -> cpus=unlimited");
  EXPECT_EQ(Host("shop_orders_1")["CpuQuota"], -1);
}

TEST_F(DockerOverrideTest, LimitsMemoryWhereThereIsALimitToGoBackTo) {
  DockerOptions options = Options(DockerOperation::kLimit);
  options.memory_bytes = 64 << 20;
  const auto executor = Make(options);
  EXPECT_THAT(Held(executor).Prepare(ActionOn("orders"), kDeadline).error().message,
              HasSubstr("cannot remove a first one again"));
  Host("shop_orders_1")["Memory"] = 128 << 20;
  Host("shop_orders_1")["MemorySwap"] = 160 << 20;
  const Override held = Applied(Held(executor), ActionOn("orders"));
  EXPECT_EQ(Host("shop_orders_1")["Memory"], 64 << 20);
  EXPECT_EQ(Host("shop_orders_1")["MemorySwap"], 96 << 20);
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(Host("shop_orders_1")["Memory"], 128 << 20);
  EXPECT_EQ(Host("shop_orders_1")["MemorySwap"], 160 << 20);
}

TEST_F(DockerOverrideTest, LeavesAloneALimitThatAnotherWriterChanged) {
  DockerOptions options = Options(DockerOperation::kLimit);
  options.nano_cpus = 500'000'000;
  const auto executor = Make(options);
  const Override held = Applied(Held(executor), ActionOn("orders"));
  Host("shop_orders_1")["CpuQuota"] = 80000;
  EXPECT_THAT(Held(executor).Undo(held, kDeadline).detail, HasSubstr("left alone"));
  EXPECT_EQ(Host("shop_orders_1")["CpuQuota"], 80000);
}

TEST_F(DockerOverrideTest, ScalesOutWithOneMoreLikeTheOneThatRuns) {
  const auto executor = Make(ScaleOut());
  const Action action = ActionOn("orders");
  const Override held = Applied(Held(executor), action);
  EXPECT_EQ(held.changes[0].subject, "shop_orders_2 like shop_orders_1");
  EXPECT_EQ(engine_.Status("shop_orders_2"), "running");
  const nlohmann::json& config = engine_.At("shop_orders_2")["Config"];
  EXPECT_EQ(config["Labels"]["promheal.made_by"], action.id);
  EXPECT_EQ(config["Labels"]["service"], "orders");
  EXPECT_EQ(config["Image"], "sha256:5ea1") << "what runs, not where the tag has moved to";
  EXPECT_EQ(config["Cmd"], nlohmann::json({"shop_orders"}));
  EXPECT_EQ(Host("shop_orders_2")["PortBindings"], nlohmann::json::object());
  EXPECT_FALSE(config.contains("Hostname"));
  EXPECT_EQ(config["NetworkingConfig"]["EndpointsConfig"]["shop_default"]["Aliases"],
            nlohmann::json({"orders"}))
      << "not its name and its id";
  EXPECT_THAT(ServerLine("shop_orders_2"), HasSubstr("172.18.0.5 2 0 100"));
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
}

TEST_F(DockerOverrideTest, ScalingOutIsUndoneGatewayFirst) {
  const auto executor = Make(ScaleOut());
  const Override held = Applied(Held(executor), ActionOn("orders"));
  engine_.requests.clear();
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).result, ActionResult::kDone);
  EXPECT_FALSE(engine_.Has("shop_orders_2"));
  EXPECT_EQ(ServerLine("shop_orders_2"), "");
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).result, ActionResult::kDone);
}

TEST_F(DockerOverrideTest, WhatAGatewayStillSendsRequestsToGoesOnRunning) {
  const auto executor = Make(ScaleOut());
  const Override held = Applied(Held(executor), ActionOn("orders"));
  haproxy_.trouble = [](const std::string&) {
    return FakeHaproxy::Trouble{FakeHaproxy::When::kBefore, {ErrorCode::kUnavailable, "gone"}};
  };
  EXPECT_EQ(Held(executor).Undo(held, kDeadline).result, ActionResult::kFailed);
  EXPECT_EQ(engine_.Status("shop_orders_2"), "running");
}

TEST_F(DockerOverrideTest, TheSameIntentAgainMakesNoSecondContainer) {
  const auto executor = Make(ScaleOut());
  const Action action = ActionOn("orders");
  EXPECT_EQ(executor->Execute(action, kDeadline).result, ActionResult::kDone);
  EXPECT_EQ(executor->Execute(action, kDeadline).result, ActionResult::kDone);
  EXPECT_FALSE(engine_.Has("shop_orders_3"));
  EXPECT_EQ(executor->Execute(ActionOn("orders"), kDeadline).result, ActionResult::kDone);
  EXPECT_TRUE(engine_.Has("shop_orders_3"));
  EXPECT_THAT(executor->Execute(ActionOn("orders"), kDeadline).detail,
              HasSubstr("3 already, and at most 3 are allowed"));
}

TEST_F(DockerOverrideTest, AfterAReloadOfTheGatewayItIsMadeKnownAgain) {
  const auto executor = Make(ScaleOut());
  const Override held = Applied(Held(executor), ActionOn("orders"));
  haproxy_.Reload();
  EXPECT_EQ(ServerLine("shop_orders_2"), "");
  EXPECT_THAT(Held(executor).Inspect(held, kDeadline).found,
              ElementsAre(Standing::kInForce, Standing::kLost));
  EXPECT_EQ(Held(executor).Apply(held, kDeadline).result, ActionResult::kDone);
  EXPECT_THAT(ServerLine("shop_orders_2"), HasSubstr("172.18.0.5"));
}

TEST_F(DockerOverrideTest, ANewAddressIsMadeKnown) {
  const auto executor = Make(ScaleOut());
  const Override held = Applied(Held(executor), ActionOn("orders"));
  engine_.At("shop_orders_2")["NetworkSettings"]["Networks"]["shop_default"]["IPAddress"] =
      "172.18.0.99";
  const OverrideReport report = Held(executor).Apply(held, kDeadline);
  EXPECT_EQ(report.result, ActionResult::kDone) << report.detail;
  EXPECT_THAT(ServerLine("shop_orders_2"), HasSubstr("172.18.0.99"));
}

TEST_F(DockerOverrideTest, ACopyThatDoesNotComeUpIsRemovedAgain) {
  engine_.ends_after_start = true;
  const auto executor = Make(ScaleOut());
  const Receipt receipt = executor->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_FALSE(engine_.Has("shop_orders_2"));
  EXPECT_EQ(ServerLine("shop_orders_2"), "");
}

TEST_F(DockerOverrideTest, ACrashBetweenAnyTwoStepsIsMadeGoodByUndo) {
  const std::vector<std::string> steps = {"containers/create", "/start"};
  for (const std::string& step : steps) {
    for (const bool after : {false, true}) {
      const auto executor = Make(ScaleOut());
      const auto held = Held(executor).Prepare(ActionOn("orders"), kDeadline);
      ASSERT_TRUE(held);
      engine_.trouble = {.what = step, .error = {ErrorCode::kDataLoss, "cut off"}, .after = after};
      EXPECT_EQ(Held(executor).Apply(*held, kDeadline).result, ActionResult::kUnknown);
      engine_.trouble.reset();
      EXPECT_EQ(Held(executor).Undo(*held, kDeadline).result, ActionResult::kDone) << step;
      EXPECT_FALSE(engine_.Has("shop_orders_2")) << step << ' ' << after;
    }
  }
}

TEST_F(DockerOverrideTest, AContainerOfThatNameThatIsNotOursIsLeftAlone) {
  const auto executor = Make(ScaleOut());
  const auto held = Held(executor).Prepare(ActionOn("orders"), kDeadline);
  engine_.Add("shop_orders_2", {{"service", "orders"}});
  EXPECT_EQ(Held(executor).Apply(held.value(), kDeadline).result, ActionResult::kFailed);
  EXPECT_EQ(Held(executor).Undo(held.value(), kDeadline).result, ActionResult::kDone);
  EXPECT_TRUE(engine_.Has("shop_orders_2"));
}

TEST_F(DockerOverrideTest, FindsWhatWasMadeEvenWithoutALedger) {
  const auto executor = Make(ScaleOut());
  Applied(Held(executor), ActionOn("orders"));
  const OverridesInForce state = Held(executor).ReadState(kDeadline);
  ASSERT_EQ(state.overrides.size(), 1U);
  EXPECT_EQ(state.overrides[0].changes[0].subject, "shop_orders_2");
}

TEST_F(DockerOverrideTest, HasNoDegreesAndDoesNotExpire) {
  const auto executor = Make(DockerOperation::kStop);
  EXPECT_FALSE(Held(executor).traits().has_degrees);
  EXPECT_FALSE(Held(executor).traits().expires);
  EXPECT_FALSE(Held(executor).AtPercent({}, 50));
}

TEST_F(DockerOverrideTest, RehearsesWhatItWouldChange) {
  EXPECT_EQ(Make(DockerOperation::kStop)->Rehearse(ActionOn("payments"), kDeadline).value(),
            "would set shop_payments_1 at engine: running -> stopped");
}

}  // namespace
}  // namespace promheal::healing
