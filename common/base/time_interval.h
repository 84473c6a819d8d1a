#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/calendar.h"
#include "common/base/time.h"

namespace promheal {

// Whole numbers from `first` to `last`, both included.
struct NumberRange {
  int first = 0;
  int last = 0;

  bool operator==(const NumberRange&) const = default;
};

// A part of a day by local clocks: includes `begin`, excludes `end`.
struct DayPart {
  Duration begin{0};
  Duration end = std::chrono::hours(24);

  bool operator==(const DayPart&) const = default;
};

// Recurring times by the clocks and calendar of a place, with the meaning of Alertmanager's
// time_intervals: a moment matches if it matches every list. It matches a list if it matches any of
// its ranges; an empty list always matches.
struct TimeInterval {
  std::vector<DayPart> times;
  std::vector<NumberRange> weekdays;       // 0 is Sunday. May wrap around the week (6 to 1).
  std::vector<NumberRange> days_of_month;  // From 1; or -1 for the last day, -2 for the one before.
  std::vector<NumberRange> months;         // From 1. May wrap around the year.
  std::vector<NumberRange> years;
  std::string location = "UTC";  // The name of the time zone.
  Calendar calendar;             // Its offsets.

  bool operator==(const TimeInterval&) const = default;
};

bool Contains(const TimeInterval& interval, Time time);

// The first moment from `time` on that no interval contains. nullopt if none contains `time`
// itself; Time::max() if the intervals cover more than a year.
std::optional<Time> CoveredUntil(const std::vector<const TimeInterval*>& intervals, Time time);

}  // namespace promheal
