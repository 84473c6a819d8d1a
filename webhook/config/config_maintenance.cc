#include "webhook/config/config_maintenance.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "common/io/yaml/time_interval_options.h"
#include "webhook/config/label_matches.h"

namespace promheal::healing {

void ReadMaintenance(YamlMap& root, std::vector<MaintenanceWindow>& windows) {
  root.ReadList("maintenance", [&](YamlMap& map) {
    MaintenanceWindow window;
    map.Read("name", &window.name, true);
    const bool known =
        std::any_of(windows.begin(), windows.end(),
                    [&](const MaintenanceWindow& other) { return other.name == window.name; });
    if (known && map.Has("name")) {
      map.AddError(map.MarkOf("name"), fmt::format("name: there is a window '{}' already: expected "
                                                   "another name",
                                                   window.name));
    }
    map.ReadMap("match", [&](YamlMap& below) { window.match = ReadLabelMatches(below, "match"); });
    ReadTimeIntervals(map, "time_intervals", &window.times);
    windows.push_back(std::move(window));
  });
}

void WriteMaintenance(const std::vector<MaintenanceWindow>& windows, YamlWriter& writer) {
  writer.List("maintenance", windows.size(), [&](size_t i) {
    writer.Value("name", windows[i].name);
    if (!windows[i].match.empty()) {
      writer.Map("match", [&] { WriteLabelMatches(windows[i].match, writer); });
    }
    WriteTimeIntervals("time_intervals", windows[i].times, writer);
  });
}

}  // namespace promheal::healing
