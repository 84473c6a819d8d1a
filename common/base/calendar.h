#pragma once

#include <vector>

#include "common/base/time.h"

namespace promheal {

// The offset of a place's clocks from UTC. People, and therefore traffic, follow local clocks.
struct UtcOffset {
  Time from;          // Holds from this time until the next entry of the table.
  Duration offset{};  // Local time minus UTC.

  bool operator==(const UtcOffset&) const = default;
};

// A time zone as a table. Before the first entry its offset holds, too; an empty table is UTC.
struct Calendar {
  std::vector<UtcOffset> offsets;  // In order of time.

  // Local time at `time` minus UTC.
  Duration OffsetAt(Time time) const;
  // The first change of the offset after `time`; Time::max() if there is none.
  Time NextChange(Time time) const;

  // The time since the current cycle began, in [0, cycle). Cycles of whole days begin at a local
  // midnight; other cycles count from the epoch in UTC.
  Duration Phase(Time time, Duration cycle) const;

  bool operator==(const Calendar&) const = default;
};

}  // namespace promheal
