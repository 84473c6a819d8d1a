#pragma once

#include <vector>

#include "common/base/time.h"

namespace promheal {

// When a place's clocks show what: people, and therefore traffic, follow them and not UTC.
struct UtcOffset {
  Time from;          // Holds from then on, to the next one...
  Duration offset{};  // ...as local time minus UTC.

  bool operator==(const UtcOffset&) const = default;
};

// A time zone as a table. Before the first entry the first one holds; no entry is UTC.
struct Calendar {
  std::vector<UtcOffset> offsets;  // In order of time.

  // What the place's clocks show at `time` is `time` plus this.
  Duration OffsetAt(Time time) const;
  // When its clocks are changed next after `time`; Time::max() where they never are.
  Time NextChange(Time time) const;

  // How far `time` has come into its cycle, in [0, cycle). Days and multiples of them begin at a
  // local midnight, other cycles count from the epoch, whatever clocks are set to.
  Duration Phase(Time time, Duration cycle) const;

  bool operator==(const Calendar&) const = default;
};

}  // namespace promheal
