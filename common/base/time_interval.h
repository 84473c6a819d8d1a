#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/calendar.h"
#include "common/base/time.h"

namespace promheal {

// Whole numbers from first to last, both among them.
struct NumberRange {
  int first = 0;
  int last = 0;

  bool operator==(const NumberRange&) const = default;
};

// A part of a day: from `begin` on and before `end`, both as clocks show them.
struct DayPart {
  Duration begin{0};
  Duration end = std::chrono::hours(24);

  bool operator==(const DayPart&) const = default;
};

// Times that come again by the clocks and the calendar of a place, with the meaning of
// Alertmanager's time_intervals: where all of the lists agree. A list agrees where one of its
// ranges does, and one that is empty always does.
struct TimeInterval {
  std::vector<DayPart> times;
  std::vector<NumberRange> weekdays;       // 0 is Sunday. May pass the end of the week (6 to 1).
  std::vector<NumberRange> days_of_month;  // From 1 on; or -1, the month's last, and back.
  std::vector<NumberRange> months;         // From 1 on. May pass the end of the year.
  std::vector<NumberRange> years;
  std::string location = "UTC";  // Whose clocks count, by name...
  Calendar calendar;             // ...and as a table.

  bool operator==(const TimeInterval&) const = default;
};

// Whether `time` is within it.
bool Contains(const TimeInterval& interval, Time time);

// Until when there is always one of them that contains the moment; nothing where none contains
// `time`, Time::max() where it is more than a year later.
std::optional<Time> CoveredUntil(const std::vector<const TimeInterval*>& intervals, Time time);

}  // namespace promheal
