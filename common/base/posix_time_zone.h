#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

#include "common/base/calendar.h"
#include "common/base/result.h"

namespace promheal {

// "Mm.w.d": a weekday of a month, such as the last Sunday of March.
struct WeekdayOfMonth {
  unsigned month = 1;
  unsigned week = 1;     // 5 is the last week of the month.
  unsigned weekday = 0;  // 0 is Sunday.
};

// "Jn": a day from 1 to 365 that skips 29 February: 60 is 1 March in every year.
struct DayWithoutLeapDay {
  int day = 1;
};

// "n": a day from 0 to 365 that counts 29 February.
struct DayOfYear {
  int day = 0;
};

// A moment of each year by local clocks: a day, and the time since its midnight.
struct YearlyTime {
  std::variant<WeekdayOfMonth, DayWithoutLeapDay, DayOfYear> day;
  Duration time = std::chrono::hours(2);  // May be negative, or more than a day.
};

// The rule of a time zone as in the environment variable TZ: POSIX.1-2017, section 8.3, with the
// times from -167 to 167 hours of RFC 8536, section 3.3.1. Offsets are local time minus UTC; the
// text writes them with the opposite sign.
struct PosixTimeZone {
  struct Daylight {
    Duration offset{};
    YearlyTime begin;  // In standard time.
    YearlyTime end;    // In daylight saving time.
  };

  Duration offset{};
  std::optional<Daylight> daylight;  // In Dublin's rule this is the winter.
};

// Reads a rule such as "CET-1CEST,M3.5.0,M10.5.0/3". A rule with daylight saving time must say when
// it begins and ends; some systems assume dates, this function refuses.
Result<PosixTimeZone> ParsePosixTimeZone(std::string_view text);

// The offsets of all years from `first` to `last`.
Calendar ToCalendar(const PosixTimeZone& zone, std::chrono::year first, std::chrono::year last);

}  // namespace promheal
