#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"

namespace promheal::anomaly {

// The `training` section: the history that models learn from, and the forest's size.
struct TrainingConfig {
  Duration window = std::chrono::days(1);       // How much history models learn from.
  Duration warm_up = std::chrono::minutes(10);  // Ordinary history that a first model needs.
  Duration baseline = std::chrono::hours(1);    // How far the adaptive baseline looks back.
  Duration retrain_every = std::chrono::hours(1);
  Duration accept_after = std::chrono::hours(1);  // An anomaly that lasts longer is the new normal.
  std::vector<std::string> exclude_when;  // PromQL. Targets of its series do not learn meanwhile.
  int trees = 100;
  int subsample = 256;
  int64_t seed = 1;

  bool operator==(const TrainingConfig&) const = default;
};

// A default that holds too few or too many samples at `interval` moves to the nearest bound; a
// duration in the file that does is an error.
void ReadTraining(YamlMap& root, Duration interval, TrainingConfig& training);
void WriteTraining(const TrainingConfig& training, YamlWriter& writer);

}  // namespace promheal::anomaly
