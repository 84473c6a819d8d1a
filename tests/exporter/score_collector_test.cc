#include "exporter/score_collector.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/io/prometheus/exposition.h"
#include "tests/support/fake_clock.h"
#include "tests/support/promtool.h"

namespace promheal::anomaly {
namespace {

using std::chrono::seconds;

FeatureScore Feature(double value, double contribution) {
  return {.state = CellState::kPresent,
          .value = value,
          .expected = 10,
          .lower = 5,
          .upper = 20,
          .deviation = (value - 10) / 2,
          .contribution = contribution};
}

TargetSnapshot Scored(const std::string& service, double anomaly_score) {
  Score score{.anomaly_score = anomaly_score,
              .isolation_score = 0.5,
              .coverage = 1.0,
              .top_feature = 0,
              .features = {Feature(30, 0.75), Feature(11, 0.25)}};
  return {.target = Labels{{"service", service}},
          .score = score,
          .impact = 0.125,
          .trained_at = FromUnixSeconds(1000),
          .isolation_threshold = 0.75};
}

Snapshot OneTarget(TargetSnapshot target) {
  return {.time = FromUnixSeconds(2000),
          .features = {"rate", "errors"},
          .targets = {std::move(target)},
          .prometheus_up = true};
}

std::string Text(const Snapshot& snapshot) { return ToPrometheusText(ToMetricFamilies(snapshot)); }

// The exposed lines without HELP and TYPE.
std::string SeriesOf(const Snapshot& snapshot) {
  std::string series;
  const std::string text = Text(snapshot);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at) + 1;
    if (text[at] != '#') series += text.substr(at, end - at);
    at = end;
  }
  return series;
}

TEST(ScoreCollectorTest, ACalmTargetCostsSevenSeries) {
  EXPECT_EQ(SeriesOf(OneTarget(Scored("orders", 0.25))),
            R"(anomaly_feature_coverage_ratio{service="orders"} 1
anomaly_impact_ratio{service="orders"} 0.125
anomaly_isolation_score{service="orders"} 0.5
anomaly_model_ready{service="orders"} 1
anomaly_model_trained_timestamp_seconds{service="orders"} 1000
anomaly_score{service="orders"} 0.25
anomaly_threshold_isolation_score{service="orders"} 0.75
)");
}

TEST(ScoreCollectorTest, AnUnusualTargetShowsItsFeatures) {
  Snapshot snapshot = OneTarget(Scored("orders", 1.5));
  snapshot.exposure.replica = "a";
  EXPECT_EQ(SeriesOf(snapshot),
            R"(anomaly_feature_contribution_ratio{feature="rate",replica="a",service="orders"} 0.75
anomaly_feature_contribution_ratio{feature="errors",replica="a",service="orders"} 0.25
anomaly_feature_coverage_ratio{replica="a",service="orders"} 1
anomaly_feature_deviation{feature="rate",replica="a",service="orders"} 10
anomaly_feature_deviation{feature="errors",replica="a",service="orders"} 0.5
anomaly_feature_expected{feature="rate",replica="a",service="orders"} 10
anomaly_feature_expected{feature="errors",replica="a",service="orders"} 10
anomaly_feature_lower{feature="rate",replica="a",service="orders"} 5
anomaly_feature_lower{feature="errors",replica="a",service="orders"} 5
anomaly_feature_upper{feature="rate",replica="a",service="orders"} 20
anomaly_feature_upper{feature="errors",replica="a",service="orders"} 20
anomaly_feature_value{feature="rate",replica="a",service="orders"} 30
anomaly_feature_value{feature="errors",replica="a",service="orders"} 11
anomaly_impact_ratio{replica="a",service="orders"} 0.125
anomaly_isolation_score{replica="a",service="orders"} 0.5
anomaly_model_ready{replica="a",service="orders"} 1
anomaly_model_trained_timestamp_seconds{replica="a",service="orders"} 1000
anomaly_score{replica="a",service="orders"} 1.5
anomaly_threshold_isolation_score{replica="a",service="orders"} 0.75
)");
}

TEST(ScoreCollectorTest, ATargetWithoutAModelIsNotReadyAndHasNoScore) {
  TargetSnapshot target{.target = Labels{{"service", "new"}},
                        .not_ready = NotTrainable::kTooFewSamples};
  EXPECT_EQ(SeriesOf(OneTarget(target)), "anomaly_model_ready{service=\"new\"} 0\n");
}

TEST(ScoreCollectorTest, ATargetWithoutDataHasAModelButNoScore) {
  TargetSnapshot target = Scored("orders", 0.0);
  target.score.reset();
  target.impact.reset();
  EXPECT_EQ(SeriesOf(OneTarget(target)),
            R"(anomaly_model_ready{service="orders"} 1
anomaly_model_trained_timestamp_seconds{service="orders"} 1000
anomaly_threshold_isolation_score{service="orders"} 0.75
)");
}

TEST(ScoreCollectorTest, AMissingFeatureHasAnExpectedValueOnly) {
  TargetSnapshot target = Scored("orders", 1.5);
  target.score->features[0].value = std::numeric_limits<double>::quiet_NaN();
  target.score->features[0].deviation = std::numeric_limits<double>::quiet_NaN();
  const std::string series = SeriesOf(OneTarget(target));
  EXPECT_EQ(series.find("anomaly_feature_value{feature=\"rate\""), std::string::npos);
  EXPECT_EQ(series.find("NaN"), std::string::npos);
  EXPECT_NE(series.find("anomaly_feature_expected{feature=\"rate\",service=\"orders\"} 10\n"),
            std::string::npos);
}

TEST(ScoreCollectorTest, ShowsFeaturesOfACalmTargetIfConfigured) {
  Snapshot snapshot = OneTarget(Scored("orders", 0.1));
  snapshot.exposure.series.features_always = {Labels{{"service", "auth"}}};
  EXPECT_EQ(SeriesOf(snapshot).find("anomaly_feature_value"), std::string::npos);
  snapshot.exposure.series.features_always = {Labels{{"service", "orders"}}};
  EXPECT_NE(SeriesOf(snapshot).find("anomaly_feature_value"), std::string::npos);
}

TEST(ScoreCollectorTest, PromtoolAcceptsTheNames) {
  const auto complaints = support::CheckMetrics(Text(OneTarget(Scored("orders", 2.0))));
  if (!complaints) GTEST_SKIP() << support::kNoPromtool;
  EXPECT_EQ(*complaints, "");
}

TEST(ScoreCollectorTest, ASnapshotThatIsTooOldIsNotShown) {
  Published<Snapshot> slot;
  support::FakeClock clock(FromUnixSeconds(2000));
  const ScoreCollector collector(slot, clock);
  EXPECT_TRUE(collector.Collect().empty()) << "no cycle has ended yet";
  Snapshot snapshot = OneTarget(Scored("orders", 0.5));
  snapshot.exposure.max_age = seconds(60);
  slot.Publish(std::make_shared<const Snapshot>(snapshot));
  EXPECT_FALSE(collector.Collect().empty());
  clock.Advance(seconds(60));
  EXPECT_FALSE(collector.Collect().empty());
  clock.Advance(seconds(1));
  EXPECT_TRUE(collector.Collect().empty())
      << "the worker hangs: no score is better than an old score";
}

}  // namespace
}  // namespace promheal::anomaly
