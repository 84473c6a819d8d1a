#include "webhook/executors/engine/engine_api.h"

#include <gmock/gmock.h>

#include <random>

#include "tests/support/temp_directory.h"
#include "tests/webhook/executors/docker/docker_fixture.h"

// These tests use a real Unix socket.

namespace promheal::healing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class HttpEngineTest : public DockerFixture {
 protected:
  std::unique_ptr<support::FakeHttpServer> Serve(support::FakeHttpServer::Handler handler) {
    return std::make_unique<support::FakeHttpServer>(std::move(handler), socket_);
  }
  std::unique_ptr<support::FakeHttpServer> ServeEngine() {
    return Serve([this](const auto& request) { return engine_.Handle(request); });
  }
  std::unique_ptr<Executor> OverSocket(DockerOperation operation) {
    DockerOptions options = Options(operation);
    options.socket = socket_;
    return MakeDockerExecutor(std::move(options), system_clock_);
  }

  const support::TempDirectory directory_;
  const std::string socket_ = directory_.path() + "/docker.sock";
  const SystemClock system_clock_;
};

TEST_F(HttpEngineTest, RestartsThroughTheSocket) {
  clock_.Set(system_clock_.Now());
  const auto server = ServeEngine();
  const auto executor = OverSocket(DockerOperation::kRestart);
  const Action action = ActionOn("orders");
  EXPECT_EQ(executor->Execute(action, kDeadline).detail, "shop_orders_1: runs (was running)");
  EXPECT_EQ(executor->Observe(action).observation, Observation::kHappened);
  EXPECT_EQ(engine_.requests.front(), "GET /version");
  EXPECT_THAT(engine_.requests[1], HasSubstr("GET /v1.41/containers/json?all=true&filters="));
}

TEST_F(HttpEngineTest, NegotiatesAgainAfterTheEngineWasReplaced) {
  const auto server = ServeEngine();
  HttpEngine api(socket_, system_clock_);
  const EngineRequest list{.path = {"containers", "json"}, .query = {{"filters", "{}"}}};
  EXPECT_EQ(api.Send(list, kDeadline)->status, 200);
  engine_.api_version = "1.44";
  engine_.least_api_version = "1.44";
  EXPECT_EQ(api.Send(list, kDeadline)->status, 200);
  EXPECT_THAT(engine_.requests.back(), HasSubstr("/v1.44/"));
}

TEST_F(HttpEngineTest, AnEngineThatIsNotThereCouldNotBeAsked) {
  const Receipt receipt =
      OverSocket(DockerOperation::kRestart)->Execute(ActionOn("orders"), kDeadline);
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_THAT(receipt.detail, HasSubstr("asking the engine at " + socket_));
}

TEST_F(HttpEngineTest, AnEngineThatHangsIsNotWaitedForLongerThanTheDeadline) {
  const auto server = Serve([](const auto&) {
    return support::FakeHttpReply{"", support::FakeHttpReply::Then::kHang};
  });
  const Duration before = system_clock_.Monotonic();
  const Receipt receipt =
      OverSocket(DockerOperation::kRestart)->Execute(ActionOn("orders"), milliseconds(300));
  EXPECT_EQ(receipt.result, ActionResult::kFailed);
  EXPECT_LT(system_clock_.Monotonic() - before, seconds(5));
}

TEST_F(HttpEngineTest, WhatIsNoEngineIsSaidPlainly) {
  const auto server = Serve([](const auto&) { return support::Reply(200, "<html>"); });
  EXPECT_THAT(OverSocket(DockerOperation::kRestart)->Execute(ActionOn("orders"), kDeadline).detail,
              HasSubstr("the engine's answer is not a version"));
}

TEST(ChooseApiVersionTest, IsTheNewestThatBothKnow) {
  struct Row {
    const char* newest;
    const char* least;
    const char* chosen;  // "" if there is none.
  };
  for (const Row& row : {Row{"1.41", "1.12", "1.41"},  // Docker 20.10
                         Row{"1.52", "1.44", "1.48"},  // a newer one than we know
                         Row{"1.25", "", "1.25"},      // the oldest
                         Row{"1.24", "1.12", ""},      // too old
                         Row{"2.1", "2.0", ""},        // another world
                         Row{"one", "", ""}, Row{"1.", "", ""}, Row{"", "", ""}}) {
    const auto chosen = ChooseApiVersion({.engine = "", .api = row.newest, .least_api = row.least});
    EXPECT_EQ(chosen.value_or(""), row.chosen) << row.newest;
  }
}

// Any label value reaches the engine as one value of one filter, and selects nothing else.
TEST_F(HttpEngineTest, LabelValuesAreData) {
  const auto server = ServeEngine();
  const auto executor = OverSocket(DockerOperation::kRestart);
  std::mt19937 random(7);
  const std::string alphabet = "ab/.%&=?#\"\\{}[]:,'+ ;\n\t\r<>|$\xc3\xa9";
  for (int round = 0; round < 200; ++round) {
    std::string value;
    for (size_t i = 0; i < 1 + random() % 12; ++i) value += alphabet[random() % alphabet.size()];
    engine_.requests.clear();
    Action action = ActionOn("orders");
    action.labels.Set("service", value);
    const Receipt receipt = executor->Execute(action, kDeadline);
    EXPECT_EQ(receipt.result, ActionResult::kFailed);
    for (const std::string& request : engine_.requests) {
      EXPECT_EQ(request.find("POST"), std::string::npos);
      EXPECT_EQ(request.substr(0, request.find('?')).find("orders"), std::string::npos);
      EXPECT_EQ(request.find_first_of(" \n\r", 4), std::string::npos) << request;
    }
    if (!executor->Check(action)) continue;  // Not UTF-8.
    engine_.Add("match", {{"service", value}});
    EXPECT_EQ(executor->Execute(action, kDeadline).result, ActionResult::kDone) << value;
    engine_.At("match")["Config"]["Labels"]["service"] = "other";
  }
}

}  // namespace
}  // namespace promheal::healing
