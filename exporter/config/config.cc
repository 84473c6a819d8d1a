#include "exporter/config/config.h"

#include <fmt/format.h>

#include <set>

#include "common/base/byte_codec.h"
#include "common/io/prometheus/prometheus_options.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "exporter/config/config_features.h"
#include "exporter/core/tail/threshold.h"

namespace promheal::anomaly {
namespace {

void ReadTargetLabels(YamlMap& root, std::vector<std::string>& target_labels) {
  if (!root.Read("target_labels", &target_labels)) return;
  const YamlMark mark = root.MarkOf("target_labels");
  if (target_labels.empty()) {
    root.AddError(mark,
                  "target_labels: is empty: expected the labels that name a target, as [service]");
  }
  std::set<std::string_view> seen;
  for (const std::string& label : target_labels) {
    if (!seen.insert(label).second) {
      root.AddError(mark, fmt::format("target_labels: '{}' is listed twice", label));
    } else if (!IsValidLabelName(label)) {
      root.AddError(mark, fmt::format("target_labels: '{}' is not a label's name: expected "
                                      "letters, digits and _",
                                      label));
    } else if (label == "feature" || label == "replica") {
      root.AddError(mark, fmt::format("target_labels: '{}' is a label of our own series: expected "
                                      "another label (see label_replace)",
                                      label));
    }
  }
}

// `interval`, if given, replaces the file's: other keys are checked against it.
void ReadAll(YamlMap& root, std::optional<Duration> interval, ExporterConfig& config) {
  root.ReadMap("prometheus", [&](YamlMap& map) { ReadPrometheusOptions(map, &config.prometheus); });
  root.Read("interval", &config.interval,
            {.min = std::chrono::milliseconds(500), .max = std::chrono::hours(1)});
  config.interval = interval.value_or(config.interval);
  root.Read("evaluation_delay", &config.evaluation_delay,
            {.min = Duration(0), .max = std::chrono::hours(1)});
  ReadTargetLabels(root, config.target_labels);
  root.Read("replica", &config.replica);
  ReadFeatures(root, config);
  ReadTraining(root, config.interval, config.training);
  ReadSeasonality(root, config.interval, config.seasonality);
  root.Read("alert_budget", &config.alert_budget, {.min = 0.001, .max = 1000.0});
  root.Read("alert_for", &config.alert_for, {.min = Duration(0), .max = std::chrono::hours(1)});
  ReadSeries(root, config.series);
  root.Read("max_targets", &config.max_targets, {.min = 1, .max = 100'000});
}

void WriteAll(const ExporterConfig& config, YamlWriter& writer) {
  writer.Map("prometheus", [&] { WritePrometheusOptions(config.prometheus, writer); });
  writer.Value("interval", config.interval);
  writer.Value("evaluation_delay", config.evaluation_delay);
  writer.Values("target_labels", config.target_labels);
  writer.Value("replica", config.replica);
  WriteFeatures(config, writer);
  WriteTraining(config.training, writer);
  WriteSeasonality(config.seasonality, writer);
  writer.Value("alert_budget", config.alert_budget);
  writer.Value("alert_for", config.alert_for);
  WriteSeries(config.series, writer);
  writer.Value("max_targets", config.max_targets);
}

Result<ExporterConfig> Read(YamlDocument document, std::optional<Duration> interval) {
  ExporterConfig config;
  YamlMap root = document.root();
  ReadAll(root, interval, config);
  root.Finish();
  if (const Status status = document.status(); !status) return tl::make_unexpected(status.error());
  return config;
}

}  // namespace

Result<ExporterConfig> LoadConfig(const std::string& path, std::optional<Duration> interval) {
  return Read(YamlDocument::Load(path), interval);
}

Result<ExporterConfig> ParseConfig(const std::string& name, std::string_view text,
                                   std::optional<Duration> interval) {
  return Read(YamlDocument::Parse(name, text), interval);
}

std::string ToYaml(const ExporterConfig& config) {
  YamlWriter writer;
  WriteAll(config, writer);
  return writer.text();
}

// Stored models carry this checksum: another order of the keys would discard all of them.
std::string Fingerprint(const ExporterConfig& config) {
  YamlWriter writer;
  writer.Value("interval", config.interval);
  writer.Values("target_labels", config.target_labels);
  WriteModelFeatures(config, writer);
  WriteSeasonalityKeys(config.seasonality, writer);
  writer.Value("alert_for", config.alert_for);
  writer.Value("warm_up", config.training.warm_up);
  writer.Value("baseline", config.training.baseline);
  writer.Value("trees", config.training.trees);
  writer.Value("subsample", config.training.subsample);
  writer.Value("seed", config.training.seed);
  return fmt::format("{:08x}", Crc32(writer.text()));
}

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
  // A rule's `for` spans this many samples: the first one starts its wait.
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

}  // namespace promheal::anomaly
