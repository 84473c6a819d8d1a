#include "exporter/config/config_seasonality.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/duration.h"
#include "common/io/yaml/time_interval_options.h"

namespace promheal::anomaly {
namespace {

constexpr int64_t kFewestSamplesOfCycle = 6;

void ReadCycle(YamlMap& map, const std::string& text, Duration interval,
               std::vector<Duration>& cycles) {
  const Result<Duration> cycle = ParseDuration(text);
  const Duration shortest = kFewestSamplesOfCycle * interval;
  std::string wrong;
  if (!cycle) {
    wrong = fmt::format("'{}' is not a duration: expected a number and a unit, such as 1d", text);
  } else if (*cycle < shortest) {
    wrong = fmt::format("{} is too short: expected at least {} intervals ({})", text,
                        kFewestSamplesOfCycle, FormatDuration(shortest));
  } else if (std::find(cycles.begin(), cycles.end(), *cycle) != cycles.end()) {
    wrong = fmt::format("{} is listed twice: expected different cycles", text);
  }
  if (wrong.empty()) {
    cycles.push_back(*cycle);
  } else {
    map.AddError(map.MarkOf("cycles"), "cycles: " + wrong);
  }
}

void ReadKeys(YamlMap& map, Duration interval, SeasonalityConfig& seasonality) {
  ReadTimeZoneOption(map, "time_zone", &seasonality.time_zone, &seasonality.calendar);
  std::vector<std::string> cycles;
  if (!map.Read("cycles", &cycles)) return;
  seasonality.cycles.clear();
  for (const std::string& cycle : cycles) ReadCycle(map, cycle, interval, seasonality.cycles);
  std::sort(seasonality.cycles.begin(), seasonality.cycles.end());
}

}  // namespace

void ReadSeasonality(YamlMap& root, Duration interval, SeasonalityConfig& seasonality) {
  root.ReadMap("seasonality", [&](YamlMap& map) { ReadKeys(map, interval, seasonality); });
}

void WriteSeasonality(const SeasonalityConfig& seasonality, YamlWriter& writer) {
  writer.Map("seasonality", [&] { WriteSeasonalityKeys(seasonality, writer); });
}

void WriteSeasonalityKeys(const SeasonalityConfig& seasonality, YamlWriter& writer) {
  std::vector<std::string> cycles;
  for (const Duration cycle : seasonality.cycles) cycles.push_back(FormatDuration(cycle));
  writer.Value("time_zone", seasonality.time_zone);
  writer.Values("cycles", cycles);
}

}  // namespace promheal::anomaly
