#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "common/base/duration.h"
#include "common/io/prometheus/prometheus_options.h"
#include "common/io/yaml/time_interval_options.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {
namespace {

constexpr int64_t kFewestSamples = 30;  // A model of less is none.
constexpr int64_t kFewestSamplesOfCycle = 6;
constexpr int64_t kMostSamples = 100'000;  // About a megabyte a target and feature.
const std::vector<std::string> kDirections = {"both", "up", "down"};

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const Preset& preset : Presets()) names.emplace_back(preset.name);
  return names;
}

FeatureConfig* FindFeature(ExporterConfig& config, std::string_view name) {
  const auto it =
      std::find_if(config.features.begin(), config.features.end(),
                   [&](const FeatureConfig& feature) { return feature.spec.name == name; });
  return it == config.features.end() ? nullptr : &*it;
}

// Where nothing is said about features, the preset `red` is meant.
void ReadPresets(YamlMap& root, ExporterConfig& config) {
  std::vector<std::string> names;
  if (!root.Read("presets", &names) && !root.Has("features")) names = {"red"};
  for (const std::string& name : names) {
    const Preset* preset = FindPreset(name);
    if (preset == nullptr) {
      root.AddError(root.MarkOf("presets"),
                    fmt::format("presets: there is no preset '{}': expected some of {}", name,
                                fmt::join(PresetNames(), ", ")));
      continue;
    }
    for (const FeatureConfig& feature : preset->features) {
      if (FindFeature(config, feature.spec.name) == nullptr) config.features.push_back(feature);
    }
    if (!preset->traffic_feature.empty()) config.traffic_feature = preset->traffic_feature;
    config.impact.insert(config.impact.end(), preset->impact.begin(), preset->impact.end());
  }
}

void ReadFeatureKeys(YamlMap& map, FeatureConfig& feature) {
  FeatureSpec& spec = feature.spec;
  map.Read("expr", &feature.expr, feature.expr.empty() || map.Has("expr"));
  auto direction = static_cast<size_t>(spec.direction);
  if (map.ReadEnum("direction", kDirections, &direction)) {
    spec.direction = static_cast<Direction>(direction);
  }
  map.ReadMap("minimum_deviation", [&](YamlMap& minimum) {
    minimum.Read("absolute", &spec.minimum_absolute, {.min = 0.0});
    minimum.Read("relative", &spec.minimum_relative, {.min = 0.0});
  });
  map.Read("traffic_floor", &spec.traffic_floor, {.min = 0.0});
  map.Read("absent_is_zero", &spec.absent_is_zero);
}

void ReadFeatures(YamlMap& root, ExporterConfig& config) {
  std::vector<std::string> named_here;
  root.ReadList("features", [&](YamlMap& map) {
    std::string name;
    map.Read("name", &name, true);
    if (!name.empty() && !IsValidLabelName(name)) {
      map.AddError(
          map.MarkOf("name"),
          fmt::format("name: '{}' is not a feature's name: expected letters, digits and _", name));
    }
    if (std::find(named_here.begin(), named_here.end(), name) != named_here.end()) {
      map.AddError(map.MarkOf("name"), fmt::format("name: there are two features '{}'", name));
    }
    named_here.push_back(name);
    FeatureConfig* known = FindFeature(config, name);
    FeatureConfig feature = known != nullptr ? *known : FeatureConfig{{.name = name}, ""};
    ReadFeatureKeys(map, feature);
    if (known != nullptr) {
      *known = feature;
    } else {
      config.features.push_back(feature);
    }
  });
  if (config.features.empty()) {
    root.AddError(root.mark(), "features: there are none: expected presets or features");
  }
}

void ReadTrafficFeature(YamlMap& root, ExporterConfig& config) {
  root.Read("traffic_feature", &config.traffic_feature);
  if (config.traffic_feature.empty()) return;
  if (FindFeature(config, config.traffic_feature) == nullptr) {
    root.AddError(root.MarkOf("traffic_feature"),
                  fmt::format("traffic_feature: there is no feature '{}'", config.traffic_feature));
  }
}

void ReadTargetLabels(YamlMap& root, ExporterConfig& config) {
  if (!root.Read("target_labels", &config.target_labels)) return;
  const YamlMark mark = root.MarkOf("target_labels");
  if (config.target_labels.empty()) {
    root.AddError(mark,
                  "target_labels: there are none: expected what names a target, as [service]");
  }
  std::set<std::string_view> seen;
  for (const std::string& label : config.target_labels) {
    if (!seen.insert(label).second) {
      root.AddError(mark, fmt::format("target_labels: '{}' stands there twice", label));
    } else if (!IsValidLabelName(label)) {
      root.AddError(mark, fmt::format("target_labels: '{}' is not a label's name: expected "
                                      "letters, digits and _",
                                      label));
    } else if (label == "feature" || label == "replica") {
      root.AddError(mark, fmt::format("target_labels: '{}' is a label of our own series: expected "
                                      "another one (see label_replace)",
                                      label));
    }
  }
}

struct SampleRange {
  int64_t fewest;
  int64_t most;
};

// One duration of `training:`, which must span between so many samples. A default that does not at
// this interval is moved to where it does.
void ReadSamples(YamlMap& map, std::string_view key, Duration interval, SampleRange range,
                 Duration* value) {
  if (!map.Read(key, value, {.min = Duration(1)})) {
    *value = std::clamp(*value, interval * range.fewest, interval * range.most);
    return;
  }
  const int64_t samples = *value / interval;
  if (samples >= range.fewest && samples <= range.most) return;
  const bool few = samples < range.fewest;
  const int64_t bound = few ? range.fewest : range.most;
  map.AddError(map.MarkOf(key),
               fmt::format("{}: {} holds {} samples at an interval of {}: expected at {} {} ({})",
                           key, FormatDuration(*value), samples, FormatDuration(interval),
                           few ? "least" : "most", bound, FormatDuration(interval * bound)));
}

void ReadTraining(YamlMap& map, Duration interval, TrainingConfig& training) {
  ReadSamples(map, "window", interval, {2 * kFewestSamples, kMostSamples}, &training.window);
  const int64_t window = std::max(2 * kFewestSamples, training.window / interval);
  ReadSamples(map, "warm_up", interval, {kFewestSamples, window / 2}, &training.warm_up);
  ReadSamples(map, "baseline", interval, {kFewestSamples, window}, &training.baseline);
  ReadSamples(map, "accept_after", interval, {kFewestSamples, window / 2}, &training.accept_after);
  map.Read("retrain_every", &training.retrain_every, {.min = interval});
  map.Read("exclude_when", &training.exclude_when);
  map.Read("trees", &training.trees, {.min = 10, .max = 1000});
  map.Read("subsample", &training.subsample, {.min = 16, .max = 4096});
  map.Read("seed", &training.seed, {.min = 0});
}

// One of `cycles`.
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
    wrong = fmt::format("{} is there twice: expected different ones", text);
  }
  if (wrong.empty()) {
    cycles.push_back(*cycle);
  } else {
    map.AddError(map.MarkOf("cycles"), "cycles: " + wrong);
  }
}

void ReadSeasonality(YamlMap& map, ExporterConfig& config) {
  SeasonalityConfig& seasonality = config.seasonality;
  ReadTimeZoneOption(map, "time_zone", &seasonality.time_zone, &seasonality.calendar);
  std::vector<std::string> cycles;
  if (!map.Read("cycles", &cycles)) return;
  seasonality.cycles.clear();
  for (const std::string& cycle : cycles)
    ReadCycle(map, cycle, config.interval, seasonality.cycles);
  std::sort(seasonality.cycles.begin(), seasonality.cycles.end());
}

void ReadSeries(YamlMap& map, SeriesConfig& series) {
  map.Read("features_above_score", &series.features_above_score, {.min = 0.0});
  map.ReadList("features_always", [&](YamlMap& matcher) {
    Labels labels;
    for (const std::string& name : matcher.Keys()) {
      std::string value;
      if (matcher.Read(name, &value, true)) labels.Set(name, value);
    }
    series.features_always.push_back(std::move(labels));
  });
}

Result<ExporterConfig> Read(YamlDocument document, std::optional<Duration> interval) {
  ExporterConfig config;
  YamlMap root = document.root();
  root.ReadMap("prometheus", [&](YamlMap& map) { ReadPrometheusOptions(map, &config.prometheus); });
  root.Read("interval", &config.interval,
            {.min = std::chrono::milliseconds(500), .max = std::chrono::hours(1)});
  config.interval = interval.value_or(config.interval);
  root.Read("evaluation_delay", &config.evaluation_delay,
            {.min = Duration(0), .max = std::chrono::hours(1)});
  ReadTargetLabels(root, config);
  root.Read("replica", &config.replica);
  ReadPresets(root, config);
  ReadFeatures(root, config);
  ReadTrafficFeature(root, config);
  root.Read("impact", &config.impact);
  if (!root.ReadMap("training",
                    [&](YamlMap& map) { ReadTraining(map, config.interval, config.training); })) {
    YamlDocument absent = YamlDocument::Parse("", "{}");
    YamlMap empty = absent.root();
    ReadTraining(empty, config.interval, config.training);
  }
  root.ReadMap("seasonality", [&](YamlMap& map) { ReadSeasonality(map, config); });
  root.Read("alert_for", &config.alert_for, {.min = Duration(0), .max = std::chrono::hours(1)});
  root.Read("alert_budget", &config.alert_budget, {.min = 0.001, .max = 1000.0});
  root.ReadMap("series", [&](YamlMap& map) { ReadSeries(map, config.series); });
  root.Read("max_targets", &config.max_targets, {.min = 1, .max = 100'000});
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

}  // namespace promheal::anomaly
