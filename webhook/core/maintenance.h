#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/time_interval.h"
#include "webhook/core/label_match.h"

namespace promheal::healing {

// When people work on targets themselves, so that nothing is begun there.
struct MaintenanceWindow {
  std::string name;
  std::vector<LabelMatch> match;  // Against the labels of an incident; all of them. Empty: of all.
  std::vector<TimeInterval> times;
};

// What holds an incident up.
struct Maintenance {
  std::string window;         // The first that does.
  std::optional<Time> until;  // When none does any more; nothing where that is over a year away.

  bool operator==(const Maintenance&) const = default;
};

// The window itself, where it is open at `now`.
std::optional<Maintenance> OpenWindow(const MaintenanceWindow& window, Time now);

// The maintenance at `now` of an incident with these labels, if there is any.
std::optional<Maintenance> MaintenanceOf(const std::vector<MaintenanceWindow>& windows,
                                         const Labels& labels, Time now);

}  // namespace promheal::healing
