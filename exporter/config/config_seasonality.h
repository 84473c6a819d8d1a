#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/base/calendar.h"
#include "common/base/time.h"
#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"

namespace promheal::anomaly {

// The `seasonality` section: cycles that values may follow.
struct SeasonalityConfig {
  std::string time_zone = "UTC";
  Calendar calendar;  // The clocks of time_zone.
  std::vector<Duration> cycles = {std::chrono::days(1), std::chrono::weeks(1)};  // Ascending.

  bool operator==(const SeasonalityConfig&) const = default;
};

// A cycle is an error unless it holds at least six samples at `interval`.
void ReadSeasonality(YamlMap& root, Duration interval, SeasonalityConfig& seasonality);
void WriteSeasonality(const SeasonalityConfig& seasonality, YamlWriter& writer);

// The same keys without the section around them, as Fingerprint has always had them.
void WriteSeasonalityKeys(const SeasonalityConfig& seasonality, YamlWriter& writer);

}  // namespace promheal::anomaly
