#include "exporter/config/config_training.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/duration.h"

namespace promheal::anomaly {
namespace {

constexpr int64_t kFewestSamples = 30;     // A model of fewer samples is worthless.
constexpr int64_t kMostSamples = 100'000;  // About a megabyte a target and feature.

struct SampleRange {
  int64_t fewest;
  int64_t most;
};

// A duration that must span a number of samples within `range`.
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

void ReadKeys(YamlMap& map, Duration interval, TrainingConfig& training) {
  ReadSamples(map, "window", interval, {2 * kFewestSamples, kMostSamples}, &training.window);
  const int64_t window = std::max(2 * kFewestSamples, training.window / interval);
  ReadSamples(map, "warm_up", interval, {kFewestSamples, window / 2}, &training.warm_up);
  ReadSamples(map, "baseline", interval, {kFewestSamples, window}, &training.baseline);
  map.Read("retrain_every", &training.retrain_every, {.min = interval});
  ReadSamples(map, "accept_after", interval, {kFewestSamples, window / 2}, &training.accept_after);
  map.Read("exclude_when", &training.exclude_when);
  map.Read("trees", &training.trees, {.min = 10, .max = 1000});
  map.Read("subsample", &training.subsample, {.min = 16, .max = 4096});
  map.Read("seed", &training.seed, {.min = 0});
}

}  // namespace

void ReadTraining(YamlMap& root, Duration interval, TrainingConfig& training) {
  if (root.ReadMap("training", [&](YamlMap& map) { ReadKeys(map, interval, training); })) return;
  // Without the section, the defaults must fit the interval, too.
  YamlDocument absent = YamlDocument::Parse("", "{}");
  YamlMap empty = absent.root();
  ReadKeys(empty, interval, training);
}

void WriteTraining(const TrainingConfig& training, YamlWriter& writer) {
  writer.Map("training", [&] {
    writer.Value("window", training.window);
    writer.Value("warm_up", training.warm_up);
    writer.Value("baseline", training.baseline);
    writer.Value("retrain_every", training.retrain_every);
    writer.Value("accept_after", training.accept_after);
    writer.Values("exclude_when", training.exclude_when);
    writer.Value("trees", training.trees);
    writer.Value("subsample", training.subsample);
    writer.Value("seed", training.seed);
  });
}

}  // namespace promheal::anomaly
