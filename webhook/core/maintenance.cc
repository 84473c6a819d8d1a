#include "webhook/core/maintenance.h"

#include <algorithm>

namespace promheal::healing {
namespace {

using Intervals = std::vector<const TimeInterval*>;

std::optional<Maintenance> Covered(const std::string& name, const Intervals& intervals, Time now) {
  const std::optional<Time> until = CoveredUntil(intervals, now);
  if (!until) return std::nullopt;
  return Maintenance{name, *until == Time::max() ? std::nullopt : until};
}

void Append(Intervals& intervals, const MaintenanceWindow& window) {
  for (const TimeInterval& interval : window.times) intervals.push_back(&interval);
}

}  // namespace

std::optional<Maintenance> OpenWindow(const MaintenanceWindow& window, Time now) {
  Intervals intervals;
  Append(intervals, window);
  return Covered(window.name, intervals, now);
}

std::optional<Maintenance> MaintenanceOf(const std::vector<MaintenanceWindow>& windows,
                                         const Labels& labels, Time now) {
  Intervals intervals;
  std::string first;
  for (const MaintenanceWindow& window : windows) {
    if (!MatchesAll(window.match, labels)) continue;
    Append(intervals, window);
    const bool open =
        std::any_of(window.times.begin(), window.times.end(),
                    [now](const TimeInterval& interval) { return Contains(interval, now); });
    if (open && first.empty()) first = window.name;
  }
  return Covered(first, intervals, now);
}

}  // namespace promheal::healing
