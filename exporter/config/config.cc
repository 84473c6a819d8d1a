#include "exporter/config/config.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/byte_codec.h"
#include "common/base/duration.h"
#include "common/io/prometheus/prometheus_options.h"
#include "common/io/yaml/yaml_writer.h"
#include "exporter/core/tail/threshold.h"

namespace promheal::anomaly {
namespace {

std::string_view ToString(Direction direction) {
  switch (direction) {
    case Direction::kUp:
      return "up";
    case Direction::kDown:
      return "down";
    case Direction::kBoth:
      break;
  }
  return "both";
}

void WriteFeature(const FeatureConfig& feature, YamlWriter& writer) {
  const FeatureSpec& spec = feature.spec;
  writer.Value("name", spec.name);
  writer.Value("expr", feature.expr);
  writer.Value("direction", ToString(spec.direction));
  writer.Map("minimum_deviation", [&] {
    writer.Value("absolute", spec.minimum_absolute);
    writer.Value("relative", spec.minimum_relative);
  });
  writer.Value("traffic_floor", spec.traffic_floor);
  writer.Value("absent_is_zero", spec.absent_is_zero);
}

void WriteFeatures(const ExporterConfig& config, YamlWriter& writer) {
  writer.List("features", config.features.size(),
              [&](size_t i) { WriteFeature(config.features[i], writer); });
  writer.Value("traffic_feature", config.traffic_feature);
}

void WriteTraining(const TrainingConfig& training, YamlWriter& writer) {
  writer.Value("window", training.window);
  writer.Value("warm_up", training.warm_up);
  writer.Value("baseline", training.baseline);
  writer.Value("retrain_every", training.retrain_every);
  writer.Value("accept_after", training.accept_after);
  writer.Values("exclude_when", training.exclude_when);
  writer.Value("trees", training.trees);
  writer.Value("subsample", training.subsample);
  writer.Value("seed", training.seed);
}

void WriteSeasonality(const SeasonalityConfig& seasonality, YamlWriter& writer) {
  std::vector<std::string> cycles;
  for (const Duration cycle : seasonality.cycles) cycles.push_back(FormatDuration(cycle));
  writer.Value("time_zone", seasonality.time_zone);
  writer.Values("cycles", cycles);
}

void WriteSeries(const SeriesConfig& series, YamlWriter& writer) {
  writer.Value("features_above_score", series.features_above_score);
  writer.List("features_always", series.features_always.size(), [&](size_t i) {
    for (const auto& [name, value] : series.features_always[i]) writer.Value(name, value);
  });
}

}  // namespace

FeatureSet ExporterConfig::feature_set() const {
  FeatureSet set;
  for (const FeatureConfig& feature : features) {
    if (feature.spec.name == traffic_feature) set.traffic = set.size();
    set.specs.push_back(feature.spec);
  }
  return set;
}

DetectorOptions ExporterConfig::detector_options() const {
  DetectorOptions options;
  options.training.forest.trees = static_cast<uint32_t>(training.trees);
  options.training.forest.subsample = static_cast<uint32_t>(training.subsample);
  options.training.forest.seed = static_cast<uint64_t>(training.seed);
  options.training.minimum_rows = static_cast<int>(training.warm_up / interval);
  options.training.persistence =
      static_cast<int>((alert_for + interval - Duration(1)) / interval) + 1;
  options.training.seasonality = {.cycles = seasonality.cycles, .calendar = seasonality.calendar};
  options.training.baseline_horizon = static_cast<int>(training.baseline / interval);
  options.window_rows = static_cast<int>(training.window / interval);
  options.log_q = LogAlertProbability(alert_budget, interval);
  options.retrain_every = training.retrain_every;
  options.accept_after = training.accept_after;
  return options;
}

std::string ToYaml(const ExporterConfig& config) {
  YamlWriter writer;
  writer.Map("prometheus", [&] { WritePrometheusOptions(config.prometheus, writer); });
  writer.Value("interval", config.interval);
  writer.Value("evaluation_delay", config.evaluation_delay);
  writer.Values("target_labels", config.target_labels);
  writer.Value("replica", config.replica);
  WriteFeatures(config, writer);
  writer.Values("impact", config.impact);
  writer.Map("training", [&] { WriteTraining(config.training, writer); });
  writer.Map("seasonality", [&] { WriteSeasonality(config.seasonality, writer); });
  writer.Value("alert_budget", config.alert_budget);
  writer.Value("alert_for", config.alert_for);
  writer.Map("series", [&] { WriteSeries(config.series, writer); });
  writer.Value("max_targets", config.max_targets);
  return writer.text();
}

std::string Fingerprint(const ExporterConfig& config) {
  YamlWriter writer;
  writer.Value("interval", config.interval);
  writer.Values("target_labels", config.target_labels);
  WriteFeatures(config, writer);
  WriteSeasonality(config.seasonality, writer);
  writer.Value("alert_for", config.alert_for);
  writer.Value("warm_up", config.training.warm_up);
  writer.Value("baseline", config.training.baseline);
  writer.Value("trees", config.training.trees);
  writer.Value("subsample", config.training.subsample);
  writer.Value("seed", config.training.seed);
  return fmt::format("{:08x}", Crc32(writer.text()));
}

}  // namespace promheal::anomaly
