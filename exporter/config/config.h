#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/config/config_seasonality.h"
#include "exporter/config/config_series.h"
#include "exporter/config/config_training.h"
#include "exporter/config/presets.h"
#include "exporter/core/detector.h"

namespace promheal::anomaly {

// exporter.yml; exporter.example.yml explains each key to users. A section has a pair of files of
// its own: its keys are read and written side by side there.
struct ExporterConfig {
  PrometheusApiOptions prometheus;
  Duration interval = std::chrono::seconds(15);
  Duration evaluation_delay = std::chrono::seconds(5);
  std::vector<std::string> target_labels = {"service"};
  std::string replica;  // Unless empty, the label `replica` of anomaly_*.
  std::vector<FeatureConfig> features;
  std::string traffic_feature;  // "" = none.
  std::vector<std::string> impact;
  TrainingConfig training;
  SeasonalityConfig seasonality;
  double alert_budget = 1.0;                      // Accepted false alerts a target and week.
  Duration alert_for = std::chrono::seconds(30);  // The shortest `for` of the alert rules.
  SeriesConfig series;
  int max_targets = 500;

  FeatureSet feature_set() const;
  DetectorOptions detector_options() const;
};

// Reads and checks the whole file. kInvalidArgument with every error on a line of its own, such as
// `exporter.yml:3:5: interval: ...`; or the error of reading the file. `interval`, if given,
// replaces the file's.
Result<ExporterConfig> LoadConfig(const std::string& path,
                                  std::optional<Duration> interval = std::nullopt);
Result<ExporterConfig> ParseConfig(const std::string& name, std::string_view text,
                                   std::optional<Duration> interval = std::nullopt);

// The effective configuration, as a file that ParseConfig reads: presets expanded into features,
// defaults filled in, secrets replaced by <secret>.
std::string ToYaml(const ExporterConfig& config);

// Identifies the settings that models depend on: a model learnt under another fingerprint must not
// be used.
std::string Fingerprint(const ExporterConfig& config);

}  // namespace promheal::anomaly
