#include "exporter/exporter.h"

#include <gtest/gtest.h>

#include "common/io/prometheus/exposition.h"
#include "tests/exporter/borrowed_api.h"
#include "tests/exporter/fake_shop.h"
#include "tests/support/fake_clock.h"
#include "tests/support/null_logger.h"
#include "tests/support/promtool.h"
#include "tests/support/temp_directory.h"

namespace promheal::anomaly {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using support::FakePrometheusApi;

const Time kStart(std::chrono::hours(1000));
const Labels kOrders{{"service", "orders"}};

class ExporterTest : public testing::Test {
 protected:
  void StartExporter(std::optional<Fleet> previous = std::nullopt) {
    exporter_ = std::make_unique<AnomalyExporter>(
        config_, PrometheusSource{std::make_unique<BorrowedApi>(api_), {}},
        ExporterDependencies{clock_, *log_, store_, metrics_, snapshot_}, std::move(previous));
    exporter_->Start();
  }

  void Run(Duration time) {
    for (Duration t{}; t < time; t += config_.interval) {
      clock_.Set(exporter_->NextRun());
      exporter_->RunCycle();
    }
  }

  const TargetSnapshot* Orders() {
    latest_ = snapshot_.Get();
    for (const TargetSnapshot& each : latest_->targets) {
      if (each.target == kOrders) return &each;
    }
    return nullptr;
  }

  std::string Metrics() const { return ToPrometheusText(metrics_.collectable()->Collect()); }
  bool HasMetric(const std::string& line) const {
    return Metrics().find("\n" + line + "\n") != std::string::npos;
  }

  ExporterConfig config_ = FakeShop::Config();
  FakePrometheusApi api_;
  FakeShop shop_{api_, kStart, {"orders", "auth"}};
  support::FakeClock clock_{kStart};
  std::unique_ptr<Logger> log_ = support::MakeNullLogger();
  support::TempDirectory directory_;
  ModelStore store_{directory_.path(), *log_};
  ExporterMetrics metrics_;
  Published<Snapshot> snapshot_;
  std::unique_ptr<AnomalyExporter> exporter_;
  std::shared_ptr<const Snapshot> latest_;
};

TEST_F(ExporterTest, ScoresWithItsFirstCycleIfThereIsHistory) {
  clock_.Set(kStart + minutes(10));
  StartExporter();
  Run(config_.interval);
  ASSERT_NE(Orders(), nullptr);
  ASSERT_TRUE(Orders()->score);
  EXPECT_LT(Orders()->score->anomaly_score, 1.0);
}

TEST_F(ExporterTest, WarmsUpOnLiveSamplesWithoutHistory) {
  StartExporter();
  Run(seconds(56));
  EXPECT_FALSE(Orders()->score);
  Run(seconds(6));
  EXPECT_TRUE(Orders()->score);
}

TEST_F(ExporterTest, ARestartScoresAtOnceFromTheStore) {
  clock_.Set(kStart + minutes(10));
  StartExporter();
  Run(minutes(1));
  exporter_.reset();  // Like a crash: Save is not called.

  clock_.Advance(minutes(2));
  api_.asked.clear();
  StartExporter();
  Run(config_.interval);
  EXPECT_EQ(api_.asked.size(), 2 * config_.features.size())
      << "a query for the missed history and one for now, for each feature";
  EXPECT_LT(api_.asked[0].end - api_.asked[0].start, minutes(4));
  ASSERT_TRUE(Orders()->score);
  EXPECT_EQ(exporter_->fleet().detectors().at(kOrders).window().row(0).time, kStart)
      << "the window is restored, too";
}

TEST_F(ExporterTest, ATargetWithADamagedFileLearnsAgainFromHistory) {
  directory_.Write("0123456789abcdef.model", "PHADnonsense");
  clock_.Set(kStart + minutes(10));
  StartExporter();
  Run(config_.interval);
  EXPECT_TRUE(Orders()->score);
}

TEST_F(ExporterTest, ReadsHistoryLaterIfPrometheusStartsLater) {
  clock_.Set(kStart + minutes(10));
  api_.FailAll({ErrorCode::kUnavailable, "refused"});
  StartExporter();
  Run(seconds(10));
  EXPECT_TRUE(snapshot_.Get()->targets.empty());
  EXPECT_TRUE(HasMetric("anomaly_exporter_prometheus_up 0"));
  api_.ClearFailures();
  Run(config_.interval);
  EXPECT_TRUE(Orders()->score) << "at once, because history was read";
  EXPECT_TRUE(HasMetric("anomaly_exporter_prometheus_up 1"));
}

TEST_F(ExporterTest, AnOutageOfPrometheusLeavesNoOldScoresAndEndsWithIt) {
  clock_.Set(kStart + minutes(10));
  StartExporter();
  Run(seconds(10));
  api_.FailAll({ErrorCode::kTimeout, "slow"});
  Run(seconds(10));
  EXPECT_TRUE(snapshot_.Get()->targets.empty());
  EXPECT_TRUE(HasMetric("anomaly_exporter_cycle_failures_total{reason=\"timeout\"} 5"));
  api_.ClearFailures();
  Run(config_.interval);
  EXPECT_TRUE(Orders()->score);
}

TEST_F(ExporterTest, AReloadThatChangesOnlyTheBudgetKeepsModels) {
  clock_.Set(kStart + minutes(10));
  StartExporter();
  Run(config_.interval);
  const Time trained_at = *Orders()->trained_at;
  const double threshold = Orders()->isolation_threshold;
  config_.alert_budget = 0.01;
  config_.training.window = minutes(15);
  api_.asked.clear();
  StartExporter(exporter_->HandOverFleet());
  Run(config_.interval);
  EXPECT_EQ(api_.asked.size(), config_.features.size()) << "no history is read";
  EXPECT_EQ(Orders()->trained_at, trained_at);
  EXPECT_GT(Orders()->isolation_threshold, threshold) << "fewer alerts need a higher threshold";
  EXPECT_EQ(exporter_->fleet().detectors().at(kOrders).window().size(), 303);
}

TEST_F(ExporterTest, ATargetThatIsGoneForAWindowIsForgotten) {
  clock_.Set(kStart + minutes(10));
  shop_.gone = [](const std::string& service, Time time) {
    return service == "orders" && time > kStart + minutes(10);
  };
  StartExporter();
  Run(minutes(19));
  EXPECT_EQ(exporter_->fleet().detectors().size(), 2U);
  Run(minutes(2));
  EXPECT_EQ(exporter_->fleet().detectors().size(), 1U);
}

TEST_F(ExporterTest, ExposesMetricsAboutItself) {
  clock_.Set(kStart + minutes(10));
  StartExporter();
  Run(seconds(4));
  metrics_.ConfigLoaded(true, clock_.Now());
  EXPECT_TRUE(HasMetric("anomaly_exporter_cycles_total 2")) << Metrics();
  EXPECT_TRUE(HasMetric("anomaly_exporter_targets 2"));
  EXPECT_TRUE(HasMetric("anomaly_exporter_trainings_total 2"));
  EXPECT_TRUE(HasMetric("anomaly_exporter_last_success_timestamp_seconds 3600604"));
  EXPECT_TRUE(HasMetric("anomaly_exporter_config_last_reload_successful 1"));
  EXPECT_TRUE(HasMetric("anomaly_exporter_cycle_failures_total{reason=\"unavailable\"} 0"));
  EXPECT_EQ(support::CheckMetrics(Metrics()).value_or(""), "") << "if promtool is installed";
}

}  // namespace
}  // namespace promheal::anomaly
