#include "common/base/posix_time_zone.h"

#include <algorithm>

namespace promheal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::sys_days;
using std::chrono::year;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Reads a rule from the front, part by part. Once a part is missing, ok() stays false.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return rest_.empty(); }

  bool ReadIf(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Read(char c) { ok_ = ReadIf(c) && ok_; }

  // "CET" or "<+0330>".
  void ReadName() {
    const bool quoted = ReadIf('<');
    size_t size = 0;
    while (size < rest_.size() && IsNameCharacter(rest_[size], quoted)) ++size;
    ok_ = ok_ && size >= 3;
    rest_.remove_prefix(size);
    if (quoted) Read('>');
  }

  int ReadNumber(int least, int most) {
    int number = 0;
    size_t digits = 0;
    for (; digits < 3 && !rest_.empty() && IsDigit(rest_.front()); ++digits) {
      number = number * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    ok_ = ok_ && digits > 0 && least <= number && number <= most;
    return number;
  }

  // "-5:30", "+2" or "11:59:59".
  Duration ReadTime(int most_hours) {
    const bool negative = ReadIf('-');
    if (!negative) ReadIf('+');
    Duration time = hours(ReadNumber(0, most_hours));
    if (ReadIf(':')) {
      time += std::chrono::minutes(ReadNumber(0, 59));
      if (ReadIf(':')) time += std::chrono::seconds(ReadNumber(0, 59));
    }
    return negative ? -time : time;
  }

  // "M3.5.0/-1", "J60" or "59/2:30".
  YearlyTime ReadYearlyTime() {
    YearlyTime yearly;
    if (ReadIf('M')) {
      WeekdayOfMonth day;
      day.month = static_cast<unsigned>(ReadNumber(1, 12));
      Read('.');
      day.week = static_cast<unsigned>(ReadNumber(1, 5));
      Read('.');
      day.weekday = static_cast<unsigned>(ReadNumber(0, 6));
      yearly.day = day;
    } else if (ReadIf('J')) {
      yearly.day = DayWithoutLeapDay{ReadNumber(1, 365)};
    } else {
      yearly.day = DayOfYear{ReadNumber(0, 365)};
    }
    if (ReadIf('/')) yearly.time = ReadTime(167);
    return yearly;
  }

 private:
  static bool IsNameCharacter(char c, bool quoted) {
    return IsLetter(c) || (quoted && (IsDigit(c) || c == '+' || c == '-'));
  }

  std::string_view rest_;
  bool ok_ = true;
};

sys_days DayIn(year in, const WeekdayOfMonth& day) {
  const auto month = in / std::chrono::month(day.month);
  const std::chrono::weekday weekday(day.weekday);
  return day.week == 5 ? sys_days(month / weekday[std::chrono::last])
                       : sys_days(month / weekday[day.week]);
}

sys_days DayIn(year in, const DayWithoutLeapDay& day) {
  const bool after_leap_day = in.is_leap() && day.day >= 60;
  return sys_days(in / 1 / 1) + days(day.day - (after_leap_day ? 0 : 1));
}

sys_days DayIn(year in, const DayOfYear& day) { return sys_days(in / 1 / 1) + days(day.day); }

// The moment at which clocks `offset` ahead of UTC show that time of the year.
Time TimeIn(year in, const YearlyTime& yearly, Duration offset) {
  const sys_days day = std::visit([in](const auto& rule) { return DayIn(in, rule); }, yearly.day);
  return Time(day) + yearly.time - offset;
}

}  // namespace

Result<PosixTimeZone> ParsePosixTimeZone(std::string_view text) {
  constexpr int kMostHoursFromUtc = 24;
  RuleReader in(text);
  PosixTimeZone zone;
  in.ReadName();
  zone.offset = -in.ReadTime(kMostHoursFromUtc);
  if (in.ok() && !in.AtEnd()) {
    PosixTimeZone::Daylight daylight{.offset = zone.offset + hours(1), .begin = {}, .end = {}};
    in.ReadName();
    if (!in.ReadIf(',')) {
      daylight.offset = -in.ReadTime(kMostHoursFromUtc);
      in.Read(',');
    }
    daylight.begin = in.ReadYearlyTime();
    in.Read(',');
    daylight.end = in.ReadYearlyTime();
    zone.daylight = daylight;
  }
  if (!in.ok() || !in.AtEnd()) {
    return Fail(ErrorCode::kInvalidArgument,
                "is not a time zone rule such as CET-1CEST,M3.5.0,M10.5.0/3");
  }
  return zone;
}

Calendar ToCalendar(const PosixTimeZone& zone, year first, year last) {
  Calendar calendar{{{Time::min(), zone.offset}}};
  if (!zone.daylight) return calendar;
  const PosixTimeZone::Daylight& daylight = *zone.daylight;
  // Begins a year early: south of the equator, daylight saving time includes New Year.
  for (year in = first - std::chrono::years(1); in <= last; ++in) {
    const Time begin = TimeIn(in, daylight.begin, zone.offset);
    Time end = TimeIn(in, daylight.end, daylight.offset);
    if (end <= begin) end = TimeIn(in + std::chrono::years(1), daylight.end, daylight.offset);
    // Daylight saving time all year, as in XXX3EDT4,0/0,J365/23, ends when it begins again.
    if (begin <= calendar.offsets.back().from)
      calendar.offsets.pop_back();
    else
      calendar.offsets.push_back({begin, daylight.offset});
    calendar.offsets.push_back({end, zone.offset});
  }
  return calendar;
}

}  // namespace promheal
