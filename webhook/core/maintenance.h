#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/time_interval.h"
#include "webhook/core/label_match.h"

namespace promheal::healing {

// A time in which people work on targets themselves: no action is started there.
struct MaintenanceWindow {
  std::string name;
  std::vector<LabelMatch>
      match;  // Against an incident's labels; all must match. Empty: every incident.
  std::vector<TimeInterval> times;
};

// The maintenance of one incident.
struct Maintenance {
  std::string window;  // The name of the first open window.
  std::optional<Time>
      until;  // When no window is open any more; nullopt if that is over a year away.

  bool operator==(const Maintenance&) const = default;
};

// The maintenance by this window alone; nullopt if it is not open at `now`.
std::optional<Maintenance> OpenWindow(const MaintenanceWindow& window, Time now);

// The maintenance at `now` of an incident with these labels; nullopt if there is none.
std::optional<Maintenance> MaintenanceOf(const std::vector<MaintenanceWindow>& windows,
                                         const Labels& labels, Time now);

}  // namespace promheal::healing
