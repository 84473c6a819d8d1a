#include "exporter/scoring/scoring_cycle.h"

#include <gtest/gtest.h>

#include "tests/exporter/fake_shop.h"
#include "tests/support/fake_clock.h"
#include "tests/support/null_logger.h"

namespace promheal::anomaly {
namespace {

using std::chrono::seconds;

const Time kStart(std::chrono::hours(1000));
const Labels kOrders{{"service", "orders"}};

// Cycles over two services, every two seconds; models are trained as soon as possible.
class ScoringCycleTest : public testing::Test {
 protected:
  explicit ScoringCycleTest(ExporterConfig config = FakeShop::Config())
      : config_(std::move(config)),
        fleet_(config_.feature_set(), config_.detector_options(), config_.max_targets),
        cycle_(config_, api_, fleet_, clock_, *log_) {}

  CycleOutcome Step() {
    clock_.Advance(config_.interval);
    CycleOutcome outcome = cycle_.Run(clock_.Now());
    for (const Labels& target : fleet_.TrainingDue(clock_.Now())) {
      EXPECT_TRUE(fleet_.Watch(target)->Train(clock_.Now()));
    }
    return outcome;
  }

  CycleOutcome Steps(Duration time) {
    CycleOutcome outcome;
    for (Duration t{}; t < time; t += config_.interval) outcome = Step();
    return outcome;
  }

  static const TargetSnapshot* Find(const CycleOutcome& outcome, const Labels& target) {
    for (const TargetSnapshot& each : outcome.snapshot->targets) {
      if (each.target == target) return &each;
    }
    return nullptr;
  }

  ExporterConfig config_;
  support::FakePrometheusApi api_;
  FakeShop shop_{api_, kStart, {"orders", "auth"}};
  support::FakeClock clock_{kStart};
  std::unique_ptr<Logger> log_ = support::MakeNullLogger();
  Fleet fleet_;
  ScoringCycle cycle_;
};

TEST_F(ScoringCycleTest, WithoutAModelShowsProgressInsteadOfAScore) {
  const CycleOutcome outcome = Steps(seconds(20));
  const TargetSnapshot* orders = Find(outcome, kOrders);
  ASSERT_NE(orders, nullptr);
  EXPECT_FALSE(orders->score);
  EXPECT_EQ(orders->not_ready, NotTrainable::kTooFewSamples);
  EXPECT_EQ(orders->samples, 10);
  EXPECT_EQ(orders->samples_needed, 30);
}

TEST_F(ScoringCycleTest, ScoresEveryTargetOnceModelsAreThere) {
  const CycleOutcome outcome = Steps(seconds(62));
  ASSERT_EQ(outcome.snapshot->targets.size(), 2U);
  for (const TargetSnapshot& target : outcome.snapshot->targets) {
    ASSERT_TRUE(target.score);
    EXPECT_LT(target.score->anomaly_score, 1.0);
    EXPECT_EQ(target.score->coverage, 1.0);
    EXPECT_TRUE(target.trained_at);
    EXPECT_GT(target.isolation_threshold, 0.5);
  }
  EXPECT_TRUE(outcome.prometheus_up());
  EXPECT_TRUE(outcome.snapshot->prometheus_up);
}

TEST_F(ScoringCycleTest, FindsTheServiceThatFailsAndWhy) {
  shop_.faults = [](const std::string& service, Time time) {
    return FakeShop::Faults{.error_ratio =
                                service == "orders" && time > kStart + seconds(90) ? 0.5 : 0.0};
  };
  const CycleOutcome outcome = Steps(seconds(96));
  EXPECT_GT(Find(outcome, kOrders)->score->anomaly_score, 1.0);
  EXPECT_EQ(
      outcome.snapshot->features[static_cast<size_t>(Find(outcome, kOrders)->score->top_feature)],
      "errors");
  EXPECT_LT(Find(outcome, Labels{{"service", "auth"}})->score->anomaly_score, 1.0);
}

TEST_F(ScoringCycleTest, ATargetWithoutSeriesDisappears) {
  Steps(seconds(62));
  shop_.gone = [](const std::string& service, Time) { return service == "orders"; };
  const CycleOutcome outcome = Step();
  EXPECT_EQ(Find(outcome, kOrders), nullptr);
  EXPECT_EQ(outcome.snapshot->targets.size(), 1U);
}

TEST_F(ScoringCycleTest, AFailedQueryLowersCoverage) {
  Steps(seconds(62));
  api_.Fail("latency", {ErrorCode::kTimeout, "slow"});
  const CycleOutcome outcome = Step();
  EXPECT_EQ(outcome.failed, 1);
  ASSERT_TRUE(Find(outcome, kOrders)->score);
  EXPECT_EQ(Find(outcome, kOrders)->score->coverage, 0.75);
  EXPECT_EQ(Find(outcome, kOrders)->score->features[2].state, CellState::kQueryFailed);
}

TEST_F(ScoringCycleTest, WithoutPrometheusThereAreNoScores) {
  Steps(seconds(62));
  api_.FailAll({ErrorCode::kUnavailable, "refused"});
  const CycleOutcome outcome = Step();
  EXPECT_TRUE(outcome.snapshot->targets.empty());
  EXPECT_FALSE(outcome.prometheus_up());
  EXPECT_FALSE(outcome.snapshot->prometheus_up);
  api_.ClearFailures();
  EXPECT_TRUE(Find(Step(), kOrders)->score) << "scores return with Prometheus";
}

TEST_F(ScoringCycleTest, CountsUnusableSamplesAndTargets) {
  api_.SetConstant("errors", {{{}, 0.5}, {kOrders, 0.0}, {Labels{{"service", "auth"}}, 0.0}});
  api_.SetConstant("cpu", {{Labels{{"service", "auth"}, {"instance", "1"}}, 0.1},
                           {Labels{{"service", "auth"}, {"instance", "2"}}, 0.1}});
  const CycleOutcome outcome = Step();
  EXPECT_EQ(outcome.unlabelled_samples, 1);
  EXPECT_EQ(outcome.ambiguous_cells, 1);
}

TEST_F(ScoringCycleTest, ImpactIsIndependentOfTheScore) {
  config_.impact = {"hurt"};
  api_.SetConstant("hurt", {{kOrders, 0.4}});
  const CycleOutcome outcome = Step();
  EXPECT_EQ(Find(outcome, kOrders)->impact, 0.4);
  EXPECT_FALSE(Find(outcome, kOrders)->score);
  EXPECT_EQ(Find(outcome, Labels{{"service", "auth"}})->impact, std::nullopt);
}

TEST_F(ScoringCycleTest, DoesNotLearnWhileExcludedOrUnknown) {
  config_.training.exclude_when = {"maintenance"};
  api_.SetConstant("maintenance", {{kOrders, 1.0}});
  CycleOutcome outcome = Steps(seconds(10));
  EXPECT_TRUE(Find(outcome, kOrders)->excluded);
  EXPECT_EQ(Find(outcome, kOrders)->samples, 0);
  EXPECT_EQ(Find(outcome, Labels{{"service", "auth"}})->samples, 5);
  api_.Fail("maintenance", {ErrorCode::kTimeout, "slow"});
  outcome = Steps(seconds(10));
  EXPECT_EQ(Find(outcome, Labels{{"service", "auth"}})->samples, 5);
}

TEST_F(ScoringCycleTest, QueriesMultiplesOfTheIntervalAfterTheDelay) {
  config_.evaluation_delay = seconds(5);
  config_.interval = seconds(15);
  const Time minute(std::chrono::minutes(1));
  EXPECT_EQ(cycle_.EvaluationTime(minute + seconds(4)), minute - seconds(15));
  EXPECT_EQ(cycle_.EvaluationTime(minute + seconds(5)), minute);
  EXPECT_EQ(cycle_.NextRun(minute + seconds(4)), minute + seconds(5));
  EXPECT_EQ(cycle_.NextRun(minute + seconds(5)), minute + seconds(20));
  EXPECT_EQ(cycle_.NextRun(minute + seconds(19)), minute + seconds(20));
}

class OneTargetOnlyTest : public ScoringCycleTest {
 protected:
  static ExporterConfig OneTarget() {
    ExporterConfig config = FakeShop::Config();
    config.max_targets = 1;
    return config;
  }
  OneTargetOnlyTest() : ScoringCycleTest(OneTarget()) {}
};

TEST_F(OneTargetOnlyTest, MoreTargetsAreCountedButNotWatched) {
  const CycleOutcome outcome = Step();
  EXPECT_EQ(outcome.snapshot->targets.size(), 1U);
  EXPECT_EQ(outcome.targets_over_limit, 1);
}

}  // namespace
}  // namespace promheal::anomaly
