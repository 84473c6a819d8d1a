#include "exporter/config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace promheal::anomaly {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ExporterConfig Parse(std::string_view text) {
  const Result<ExporterConfig> config = ParseConfig("exporter.yml", text);
  EXPECT_TRUE(config) << (config ? "" : config.error().message);
  return config.value_or(ExporterConfig{});
}

std::string ErrorsOf(std::string_view text) {
  const Result<ExporterConfig> config = ParseConfig("exporter.yml", text);
  if (config) return "no error";
  EXPECT_EQ(config.error().code, ErrorCode::kInvalidArgument);
  return config.error().message;
}

std::vector<std::string> FeatureNames(const ExporterConfig& config) {
  std::vector<std::string> names;
  for (const FeatureConfig& feature : config.features) names.push_back(feature.spec.name);
  return names;
}

// Every key, with another value than its default.
constexpr char kEverything[] = R"(
prometheus: {url: "http://prometheus:9090"}
interval: 30s
evaluation_delay: 1m
target_labels: [cluster, service]
replica: a
presets: [red, logs]
features:
  - name: queue
    expr: max by (cluster, service) (queue_length)
    direction: up
    minimum_deviation: {absolute: 10, relative: 0.2}
    traffic_floor: 1.5
    absent_is_zero: true
traffic_feature: queue
impact: [errors, slow]
training:
  window: 12h
  warm_up: 20m
  baseline: 2h
  retrain_every: 3h
  accept_after: 4h
  exclude_when: [maintenance > 0]
  trees: 50
  subsample: 128
  seed: 7
seasonality: {time_zone: UTC, cycles: [1w, 6h]}
alert_budget: 0.5
alert_for: 45s
series:
  features_above_score: 0.8
  features_always: [{service: orders}, {cluster: eu, service: auth}]
max_targets: 9
)";

TEST(ConfigTest, AnEmptyFileWatchesRateErrorsAndDurationOfServices) {
  const ExporterConfig config = Parse("{}");
  EXPECT_THAT(FeatureNames(config),
              ElementsAre("request_rate", "error_ratio", "latency_p95", "caller_latency_p95"));
  EXPECT_EQ(config.prometheus.url, "http://localhost:9090");
  EXPECT_EQ(config.interval, seconds(15));
  EXPECT_THAT(config.target_labels, ElementsAre("service"));
  EXPECT_EQ(config.feature_set().traffic, 0);
  EXPECT_THAT(config.impact, ElementsAre("service:http_errors_per_request:ratio_rate1m"));
}

TEST(ConfigTest, ReadsEverything) {
  const ExporterConfig config = Parse(kEverything);
  EXPECT_THAT(FeatureNames(config), ElementsAre("request_rate", "error_ratio", "latency_p95",
                                                "caller_latency_p95", "log_errors", "queue"));
  EXPECT_EQ(config.features.back(), (FeatureConfig{{.name = "queue",
                                                    .direction = Direction::kUp,
                                                    .minimum_absolute = 10,
                                                    .minimum_relative = 0.2,
                                                    .traffic_floor = 1.5,
                                                    .absent_is_zero = true},
                                                   "max by (cluster, service) (queue_length)"}));
  EXPECT_EQ(config.feature_set().traffic, 5);
  EXPECT_THAT(config.training.exclude_when, ElementsAre("maintenance > 0"));
  EXPECT_THAT(
      config.series.features_always,
      ElementsAre(Labels{{"service", "orders"}}, Labels{{"cluster", "eu"}, {"service", "auth"}}));
  EXPECT_EQ(config.max_targets, 9);

  const DetectorOptions options = config.detector_options();
  EXPECT_EQ(options.window_rows, 1440);
  EXPECT_EQ(options.training.minimum_rows, 40);
  EXPECT_EQ(options.training.baseline_horizon, 240);
  EXPECT_EQ(options.training.forest.trees, 50U);
  EXPECT_EQ(options.training.persistence, 3) << "45s spans two half minutes: three samples";
  EXPECT_THAT(options.training.seasonality.cycles, ElementsAre(hours(6), hours(168)));
  EXPECT_EQ(options.accept_after, hours(4));
  EXPECT_DOUBLE_EQ(options.log_q, std::log(0.5 / 20160));  // 20,160 half minutes in a week.
}

TEST(ConfigTest, AnEntryWithThePresetsNameChangesSingleKeys) {
  const ExporterConfig config = Parse(R"(
presets: [red]
features:
  - name: latency_p95
    minimum_deviation: {relative: 3}
)");
  ASSERT_EQ(config.features.size(), 4U);
  const FeatureConfig& latency = config.features[2];
  EXPECT_EQ(latency.expr, "service:http_request_duration_seconds:p95_1m");
  EXPECT_EQ(latency.spec.minimum_relative, 3);
  EXPECT_EQ(latency.spec.minimum_absolute, 0.03) << "keys that are not given stay";
}

TEST(ConfigTest, WithoutPresetsThereAreOnlyTheListedFeatures) {
  EXPECT_THAT(FeatureNames(Parse("features: [{name: a, expr: up}]")), ElementsAre("a"));
}

TEST(ConfigTest, DefaultsFollowTheInterval) {
  const ExporterConfig slow = Parse("interval: 5m");
  EXPECT_EQ(slow.training.warm_up, minutes(150)) << "30 samples";
  EXPECT_EQ(slow.training.baseline, minutes(150));
  const ExporterConfig short_window = Parse("interval: 2s\ntraining: {window: 10m}");
  EXPECT_EQ(short_window.training.baseline, minutes(10));
  EXPECT_EQ(short_window.training.accept_after, minutes(5));
  EXPECT_EQ(short_window.training.warm_up, minutes(5));
}

TEST(ConfigTest, ReportsAllErrorsAtOnce) {
  EXPECT_EQ(
      ErrorsOf(R"(interval: soon
target_labels: [service, a-b, feature]
presets: [red, blue]
features:
  - name: p95 latency
    expr: x
  - name: queue
    direction: sideways
  - name: queue
    expr: y
    minimum_deviation: {absolute: -1}
traffic_feature: rps
training: {warm_up: 1m, window: 1w, accept_after: 6d, treees: 5}
alert_budgt: 3
)"),
      R"(exporter.yml:1:11: interval: 'soon' is not a duration: expected a number and a unit, such as 30s or 1h30m
exporter.yml:2:16: target_labels: 'a-b' is not a label's name: expected letters, digits and _
exporter.yml:2:16: target_labels: 'feature' is a label of our own series: expected another label (see label_replace)
exporter.yml:3:10: presets: there is no preset 'blue': expected some of red, resources, logs, availability
exporter.yml:5:11: name: 'p95 latency' is not a feature's name: expected letters, digits and _
exporter.yml:7:5: missing key 'expr': expected text
exporter.yml:8:16: direction: unknown value 'sideways': expected both, up or down
exporter.yml:9:11: name: there are two features 'queue'
exporter.yml:11:35: absolute: -1 is too small: expected a number of at least 0
exporter.yml:12:18: traffic_feature: there is no feature 'rps'
exporter.yml:13:21: warm_up: 1m holds 4 samples at an interval of 15s: expected at least 30 (7m30s)
exporter.yml:13:51: accept_after: 6d holds 34560 samples at an interval of 15s: expected at most 20160 (3d12h)
exporter.yml:13:55: unknown key 'treees' (did you mean 'trees'?)
exporter.yml:14:1: unknown key 'alert_budgt' (did you mean 'alert_budget'?))");
}

TEST(ConfigTest, RefusesSingleMistakes) {
  struct Row {
    const char* text;
    const char* error;
  };
  for (const Row& row : std::vector<Row>{
           {"presets: []",
            "exporter.yml:1:1: features: there are none: expected presets or features"},
           {"target_labels: []",
            "exporter.yml:1:16: target_labels: is empty: expected the labels that name a target, "
            "as [service]"},
           {"target_labels: [service, service]",
            "exporter.yml:1:16: target_labels: 'service' is listed twice"},
           {"presets: [red]\nfeatures: [{name: request_rate, expr: \"\"}]",
            "exporter.yml:2:39: expr: is empty: expected text"},
           {"features: [{name: a}]", "exporter.yml:1:12: missing key 'expr': expected text"},
           {"interval: 1ms",
            "exporter.yml:1:11: interval: 1ms is too small: expected a duration from "
            "500ms to 1h"},
           {"training: {window: 5m}",
            "exporter.yml:1:20: window: 5m holds 20 samples at an interval of 15s: expected at "
            "least "
            "60 (15m)"},
           {"seasonality: {cycles: [daily]}",
            "exporter.yml:1:23: cycles: 'daily' is not a duration: expected a number and a unit, "
            "such as 1d"},
           {"seasonality: {cycles: [1d, 1m]}",
            "exporter.yml:1:23: cycles: 1m is too short: expected at least 6 intervals (1m30s)"},
           {"seasonality: {cycles: [1d, 24h]}",
            "exporter.yml:1:23: cycles: 24h is listed twice: expected different cycles"},
           {"seasonality: {time_zone: Mars/Olympus}",
            "exporter.yml:1:26: time_zone: there is no time zone 'Mars/Olympus': expected UTC or a "
            "name such as Europe/Berlin"},
           {"series: {features_always: [{service: }]}",
            "exporter.yml:1:29: service: has no value: expected text"},
       }) {
    EXPECT_EQ(ErrorsOf(row.text), row.error) << row.text;
  }
}

TEST(ConfigTest, AMissingFileIsAnError) {
  const Result<ExporterConfig> config = LoadConfig("/nonexistent/exporter.yml");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code, ErrorCode::kNotFound);
}

TEST(ConfigTest, WritesTheEffectiveConfigurationWithoutSecrets) {
  const ExporterConfig config = Parse(R"(
prometheus: {basic_auth: {username: u, password: hunter2}}
presets: [red, resources, logs, availability]
replica: "0"
training: {exclude_when: ['maintenance{team="a"} > 0']}
series: {features_always: [{service: "yes"}]}
)");
  const std::string yaml = ToYaml(config);
  EXPECT_THAT(yaml, Not(HasSubstr("hunter2")));
  const ExporterConfig again = Parse(yaml);
  EXPECT_EQ(ToYaml(again), yaml);
  EXPECT_EQ(again.features, config.features);
  EXPECT_EQ(again.training, config.training);
  EXPECT_EQ(again.series, config.series);
  EXPECT_EQ(again.seasonality, config.seasonality);
  EXPECT_EQ(again.replica, "0");
}

TEST(ConfigTest, EveryKeyIsWrittenAsItIsRead) {
  const ExporterConfig config = Parse(kEverything);
  const std::string yaml = ToYaml(config);
  const ExporterConfig again = Parse(yaml);
  EXPECT_EQ(ToYaml(again), yaml);
  EXPECT_EQ(again.prometheus.url, config.prometheus.url);
  EXPECT_EQ(again.interval, config.interval);
  EXPECT_EQ(again.evaluation_delay, config.evaluation_delay);
  EXPECT_EQ(again.target_labels, config.target_labels);
  EXPECT_EQ(again.replica, config.replica);
  EXPECT_EQ(again.features, config.features);
  EXPECT_EQ(again.traffic_feature, config.traffic_feature);
  EXPECT_EQ(again.impact, config.impact);
  EXPECT_EQ(again.training, config.training);
  EXPECT_EQ(again.seasonality, config.seasonality);
  EXPECT_EQ(again.alert_budget, config.alert_budget);
  EXPECT_EQ(again.alert_for, config.alert_for);
  EXPECT_EQ(again.series, config.series);
  EXPECT_EQ(again.max_targets, config.max_targets);
}

TEST(ConfigTest, TheExampleSaysTheDefaults) {
  const auto example = LoadConfig(PROMHEAL_SOURCE_DIR "/exporter/exporter.example.yml");
  ASSERT_TRUE(example) << example.error().message;
  EXPECT_EQ(ToYaml(*example), ToYaml(Parse("{}")));
}

TEST(ConfigTest, TheDemosConfigurationIsReadyAfterAMinute) {
  const auto demo = LoadConfig(PROMHEAL_SOURCE_DIR "/deploy/demo/exporter.yml");
  ASSERT_TRUE(demo) << demo.error().message;
  EXPECT_EQ(demo->interval, seconds(2));
  EXPECT_EQ(demo->detector_options().training.minimum_rows, 30);
  EXPECT_EQ(demo->features.size(), 10U) << "the features of all presets, and two more";
  EXPECT_EQ(demo->detector_options().training.persistence, 3) << "as the shipped rules at 15s";
}

TEST(ConfigTest, AlertsAreAsPersistentAsTheShippedRulesWhateverTheInterval) {
  EXPECT_EQ(Parse("{}").detector_options().training.persistence, 3);
  EXPECT_EQ(Parse("interval: 1m").detector_options().training.persistence, 2);
  EXPECT_EQ(Parse("alert_for: 0s").detector_options().training.persistence, 1);
}

TEST(ConfigTest, FingerprintChangesWithKeysThatModelsDependOn) {
  const std::string plain = Fingerprint(Parse("{}"));
  EXPECT_EQ(plain, "67e042b5") << "an update of promheal must not discard the users' models";
  EXPECT_EQ(Fingerprint(Parse("alert_budget: 5\nreplica: b\nprometheus: {timeout: 3s}")), plain);
  for (const char* text :
       {"interval: 30s", "target_labels: [job]", "presets: [red, logs]", "training: {seed: 2}",
        "features: [{name: latency_p95, expr: x}]", "training: {baseline: 2h}", "alert_for: 1m",
        "seasonality: {cycles: [1d]}"}) {
    EXPECT_NE(Fingerprint(Parse(text)), plain) << text;
  }
}

}  // namespace
}  // namespace promheal::anomaly
