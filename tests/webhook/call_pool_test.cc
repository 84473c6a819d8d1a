#include "webhook/call_pool.h"

#include <gtest/gtest.h>

#include <future>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

// Executes as soon as the test lets it.
class GatedExecutor final : public Executor {
 public:
  GatedExecutor(std::promise<void>& began, std::shared_future<void> gate)
      : began_(began), gate_(std::move(gate)) {}
  std::string description() const override { return "gated"; }
  Status Check(const Action&) const override { return {}; }
  Receipt Execute(const Action& action, Duration) override {
    began_.set_value();
    gate_.wait();
    return {ActionResult::kDone, std::string(action.target.Get("service"))};
  }
  ObservationReport Observe(const Action&) override { return {Observation::kHappened, "seen"}; }

 private:
  std::promise<void>& began_;
  std::shared_future<void> gate_;
};

class EmptyPrometheus final : public PrometheusApi {
 public:
  Result<QueryResult> Query(std::string_view, Time) override { return QueryResult{}; }
  Result<RangeQueryResult> QueryRange(std::string_view, Time, Time, Duration) override {
    return RangeQueryResult{};
  }
};

class CallPoolTest : public testing::Test {
 protected:
  CallPoolTest() {
    auto config = std::make_shared<HealingConfig>();
    config->executors["restart"] =
        std::make_unique<GatedExecutor>(began_, gate_.get_future().share());
    config_ = config;
  }
  void Start(Call call, const std::string& id) {
    pool_->Start({"key", id, config_, std::move(call)});
  }
  CallAnswer Next() {
    Inbox::Batch batch;
    while (batch.input.answers.empty()) batch = inbox_.Pop(20s);
    return batch.input.answers[0];
  }
  static Action OnOrders() {
    return {.id = "1/1", .name = "restart", .target = Labels{{"service", "orders"}}};
  }

  std::promise<void> began_;  // The one execution of each test.
  std::promise<void> gate_;
  SystemClock clock_;
  Inbox inbox_{10};
  ConfigSnapshot config_;
  std::unique_ptr<CallPool> pool_ = std::make_unique<CallPool>(
      inbox_, clock_, [](const HealingConfig&) { return std::make_unique<EmptyPrometheus>(); });
};

TEST_F(CallPoolTest, ASlowActionHoldsUpNoQuestion) {
  Start(ExecuteAction{OnOrders(), 10s}, "a");
  Start(GatherEvidence{"crash", {}, {samples::Expect("up", "== 1")}}, "b");
  const CallAnswer first = Next();
  EXPECT_EQ(first.incident_id, "b");
  EXPECT_EQ(std::get<EvidenceGathered>(first.stimulus).evidence.verdict, DataVerdict::kUnknown);
  gate_.set_value();
  const CallAnswer second = Next();
  EXPECT_EQ(second.incident_key, "key");
  EXPECT_EQ(std::get<ExecutionFinished>(second.stimulus).attempt_id, "1/1");
  EXPECT_EQ(std::get<ExecutionFinished>(second.stimulus).receipt.detail, "orders");
}

TEST(ThreadPoolTest, WhatIsUrgentGoesFirst) {
  std::promise<void> gate;
  std::promise<void> done;
  std::string order;
  ThreadPool pool(1);
  pool.Run([held = gate.get_future().share()] { held.wait(); });
  pool.Run([&] { order += 'a'; });
  pool.Run([&] { order += 'b', done.set_value(); });
  pool.Run([&] { order += '1'; }, true);
  pool.Run([&] { order += '2'; }, true);
  gate.set_value();
  done.get_future().wait();
  EXPECT_EQ(order, "12ab");
}

TEST_F(CallPoolTest, ObservesAndSaysWhereAnActionIsNoLongerConfigured) {
  gate_.set_value();
  Start(ObserveAction{OnOrders()}, "a");
  EXPECT_EQ(std::get<ObservationFinished>(Next().stimulus).report.observation,
            Observation::kHappened);
  Action gone = OnOrders();
  gone.name = "gone";
  Start(ObserveAction{gone}, "a");
  EXPECT_EQ(std::get<ObservationFinished>(Next().stimulus).report.observation,
            Observation::kUnknown);
}

TEST_F(CallPoolTest, WaitsForAnActionUnderWayWhenItEnds) {
  Start(ExecuteAction{OnOrders(), 10s}, "a");
  began_.get_future().wait();
  auto ended = std::async(std::launch::async, [&] { pool_.reset(); });
  EXPECT_EQ(ended.wait_for(50ms), std::future_status::timeout);
  gate_.set_value();
  ended.wait();
  EXPECT_EQ(inbox_.Pop(0ms).input.answers.size(), 1U);
}

}  // namespace
}  // namespace promheal::healing
