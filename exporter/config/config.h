#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/prometheus/prometheus_api.h"
#include "common/io/yaml/yaml_schema.h"
#include "exporter/config/presets.h"
#include "exporter/core/detector.h"

namespace promheal::anomaly {

struct TrainingConfig {
  Duration window = std::chrono::days(1);       // Models learn from the last so much...
  Duration warm_up = std::chrono::minutes(10);  // ...and exist once so much of it is there.
  Duration baseline = std::chrono::hours(1);    // The adaptive baseline looks back so far.
  Duration retrain_every = std::chrono::hours(1);
  Duration accept_after = std::chrono::hours(1);  // An anomaly that lasts longer is the new normal.
  std::vector<std::string>
      exclude_when;  // PromQL: while it has a series, its targets do not learn.
  int trees = 100;
  int subsample = 256;
  int64_t seed = 1;

  bool operator==(const TrainingConfig&) const = default;
};

// Cycles that values may follow.
struct SeasonalityConfig {
  std::string time_zone = "UTC";
  Calendar calendar;  // Of time_zone.
  std::vector<Duration> cycles = {std::chrono::days(1), std::chrono::weeks(1)};

  bool operator==(const SeasonalityConfig&) const = default;
};

// Which of the per-feature series are exposed; they are six for each feature of a target.
struct SeriesConfig {
  double features_above_score = 0.5;
  std::vector<Labels> features_always;  // Targets that have all labels of one of these.

  bool operator==(const SeriesConfig&) const = default;
};

// anomaly_exporter's configuration; exporter.example.yml says what each key means to a user.
struct ExporterConfig {
  PrometheusApiOptions prometheus;
  Duration interval = std::chrono::seconds(15);
  Duration evaluation_delay = std::chrono::seconds(5);
  std::vector<std::string> target_labels = {"service"};
  std::string replica;  // Added as a label to anomaly_* where it is not empty.
  std::vector<FeatureConfig> features;
  std::string traffic_feature;  // "" = none.
  std::vector<std::string> impact;
  TrainingConfig training;
  SeasonalityConfig seasonality;
  double alert_budget = 1.0;                      // False alerts a target a week...
  Duration alert_for = std::chrono::seconds(30);  // ...of rules that wait for so long.
  SeriesConfig series;
  int max_targets = 500;

  FeatureSet feature_set() const;
  DetectorOptions detector_options() const;
};

// Reads and checks the whole file. kInvalidArgument with every error on a line of its own, as
// `exporter.yml:3:5: interval: ...`; what reading the file gives. An `interval` counts instead of
// the file's.
Result<ExporterConfig> LoadConfig(const std::string& path,
                                  std::optional<Duration> interval = std::nullopt);
Result<ExporterConfig> ParseConfig(const std::string& name, std::string_view text,
                                   std::optional<Duration> interval = std::nullopt);

// The configuration in force as a file that ParseConfig reads: presets written out, defaults filled
// in, secrets as <secret>.
std::string ToYaml(const ExporterConfig& config);

// Names what models depend on: a model learnt under one fingerprint is useless under another.
std::string Fingerprint(const ExporterConfig& config);

}  // namespace promheal::anomaly
