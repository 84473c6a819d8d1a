#include "exporter/config/config_series.h"

#include <string>
#include <utility>

namespace promheal::anomaly {

void ReadSeries(YamlMap& root, SeriesConfig& series) {
  root.ReadMap("series", [&](YamlMap& map) {
    map.Read("features_above_score", &series.features_above_score, {.min = 0.0});
    map.ReadList("features_always", [&](YamlMap& matcher) {
      Labels labels;
      for (const std::string& name : matcher.Keys()) {
        std::string value;
        if (matcher.Read(name, &value, true)) labels.Set(name, value);
      }
      series.features_always.push_back(std::move(labels));
    });
  });
}

void WriteSeries(const SeriesConfig& series, YamlWriter& writer) {
  writer.Map("series", [&] {
    writer.Value("features_above_score", series.features_above_score);
    writer.List("features_always", series.features_always.size(), [&](size_t i) {
      for (const auto& [name, value] : series.features_always[i]) writer.Value(name, value);
    });
  });
}

}  // namespace promheal::anomaly
