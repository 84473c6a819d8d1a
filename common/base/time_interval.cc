#include "common/base/time_interval.h"

#include <algorithm>

namespace promheal {
namespace {

using std::chrono::days;

constexpr Duration kFarthest = days(366);

template <typename Range, typename Within>
bool Matches(const std::vector<Range>& ranges, const Within& within) {
  return ranges.empty() || std::any_of(ranges.begin(), ranges.end(), within);
}

bool AnyWithin(const std::vector<NumberRange>& ranges, int number) {
  return Matches(ranges, [number](const NumberRange& range) {
    if (range.first <= range.last) return range.first <= number && number <= range.last;
    return range.first <= number || number <= range.last;  // Wraps around.
  });
}

// Negative bounds count from the end of the month: -1 is its last day.
bool AnyDayWithin(const std::vector<NumberRange>& ranges, int day, int days_of_month) {
  const auto from_start = [=](int bound) { return bound < 0 ? days_of_month + 1 + bound : bound; };
  return Matches(ranges, [&](const NumberRange& range) {
    return from_start(range.first) <= day && day <= from_start(range.last);
  });
}

Time Local(const TimeInterval& interval, Time time) {
  return time + interval.calendar.OffsetAt(time);
}

// The earliest moment at which a match can end: the end of a day part, midnight, a clock change.
Time NextEnd(const TimeInterval& interval, Time time) {
  const Time local = Local(interval, time);
  const Time midnight = AlignDown(local, days(1));
  Time end = midnight + days(1);
  for (const DayPart& part : interval.times) {
    if (midnight + part.end > local) end = std::min(end, midnight + part.end);
  }
  return std::min(time + (end - local), interval.calendar.NextChange(time));
}

}  // namespace

bool Contains(const TimeInterval& interval, Time time) {
  const Time local = Local(interval, time);
  const auto midnight = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date(midnight);
  const auto last = (date.year() / date.month() / std::chrono::last).day();
  const auto number = [](auto field) { return static_cast<int>(static_cast<unsigned>(field)); };
  const auto weekday = static_cast<int>(std::chrono::weekday(midnight).c_encoding());
  return AnyWithin(interval.years, static_cast<int>(date.year())) &&
         AnyWithin(interval.months, number(date.month())) &&
         AnyDayWithin(interval.days_of_month, number(date.day()), number(last)) &&
         AnyWithin(interval.weekdays, weekday) && Matches(interval.times, [&](const DayPart& part) {
           return part.begin <= local - midnight && local - midnight < part.end;
         });
}

std::optional<Time> CoveredUntil(const std::vector<const TimeInterval*>& intervals, Time time) {
  Time until = time;
  while (until - time <= kFarthest) {
    const auto covering =
        std::find_if(intervals.begin(), intervals.end(),
                     [until](const TimeInterval* interval) { return Contains(*interval, until); });
    if (covering == intervals.end()) return until == time ? std::nullopt : std::optional(until);
    until = NextEnd(**covering, until);
  }
  return Time::max();
}

}  // namespace promheal
