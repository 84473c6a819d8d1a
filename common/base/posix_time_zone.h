#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

#include "common/base/calendar.h"
#include "common/base/result.h"

namespace promheal {

// "Mm.w.d", such as the last Sunday of March: the fifth week is the last one.
struct WeekdayOfMonth {
  unsigned month = 1;
  unsigned week = 1;
  unsigned weekday = 0;  // From Sunday, 0.
};

// "Jn": 1 to 365, 60 is 1 March in every year.
struct DayWithoutLeapDay {
  int day = 1;
};

// "n": 0 to 365, 29 February counts.
struct DayOfYear {
  int day = 0;
};

// A time of each year by local clocks: a day, and how far from its midnight.
struct YearlyTime {
  std::variant<WeekdayOfMonth, DayWithoutLeapDay, DayOfYear> day;
  Duration time = std::chrono::hours(2);  // May be before or after that day.
};

// The rule of a time zone as in the environment variable TZ: POSIX.1-2017, section 8.3, with the
// times from -167 to 167 hours of RFC 8536, section 3.3.1. Offsets are local time minus UTC: what
// the text writes, with the other sign.
struct PosixTimeZone {
  struct Daylight {
    Duration offset{};
    YearlyTime begin;  // By the clocks of standard time...
    YearlyTime end;    // ...and by those of this one.
  };

  Duration offset{};
  std::optional<Daylight> daylight;  // In Dublin's rule it is the winter that has it.
};

// "CET-1CEST,M3.5.0,M10.5.0/3". When daylight saving time begins and ends must be told, and is not
// assumed as some systems do.
Result<PosixTimeZone> ParsePosixTimeZone(std::string_view text);

// What clocks show in all the years from `first` to `last`.
Calendar ToCalendar(const PosixTimeZone& zone, std::chrono::year first, std::chrono::year last);

}  // namespace promheal
