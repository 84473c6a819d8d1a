#include "common/base/time.h"

#include <fmt/core.h>

#include <cmath>
#include <cstdint>

namespace promheal {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// The times that a year of four digits can express.
constexpr Time kFirst = sys_days(year(0) / 1 / 1);
constexpr Time kEnd = sys_days(year(10000) / 1 / 1);

// Reads fields from the front of a text. After any failure, AtEnd() stays false.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  int ReadNumber(size_t digits) {
    int value = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') {
        ok_ = false;
        return 0;
      }
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  void ReadOneOf(std::string_view characters) {
    ok_ = ok_ && !rest_.empty() && characters.find(rest_.front()) != std::string_view::npos;
    if (!rest_.empty()) rest_.remove_prefix(1);
  }

  // ".123456789" as milliseconds; 0 if there is no fraction.
  int ReadFractionAsMilliseconds() {
    if (rest_.empty() || rest_.front() != '.') return 0;
    rest_.remove_prefix(1);
    int milliseconds = 0;
    int digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1)) {
      if (digits < 3) milliseconds = milliseconds * 10 + (rest_.front() - '0');
      ++digits;
    }
    ok_ = ok_ && digits > 0;
    for (; digits < 3; ++digits) milliseconds *= 10;
    return milliseconds;
  }

  // "Z" or "+01:30" as minutes east of UTC.
  int ReadOffsetAsMinutes() {
    if (rest_.empty()) {
      ok_ = false;
      return 0;
    }
    const char sign = rest_.front();
    ReadOneOf("Zz+-");
    if (sign == 'Z' || sign == 'z') return 0;
    const int hours = ReadNumber(2);
    ReadOneOf(":");
    const int minutes = ReadNumber(2);
    ok_ = ok_ && hours < 24 && minutes < 60;
    return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
  }

  bool AtEnd() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

double ToUnixSeconds(Time time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

Time FromUnixSeconds(double seconds) {
  return Time(Duration(static_cast<int64_t>(std::llround(seconds * 1000.0))));
}

Time AlignDown(Time time, Duration step) {
  const int64_t count = time.time_since_epoch().count();
  const int64_t remainder = ((count % step.count()) + step.count()) % step.count();
  return Time(Duration(count - remainder));
}

std::string FormatRfc3339(Time time) {
  const sys_days date = std::chrono::floor<std::chrono::days>(time);
  const year_month_day ymd(date);
  const std::chrono::hh_mm_ss clock(time - date);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

Result<Time> ParseRfc3339(std::string_view text) {
  FieldReader reader(text);
  const int y = reader.ReadNumber(4);
  reader.ReadOneOf("-");
  const int m = reader.ReadNumber(2);
  reader.ReadOneOf("-");
  const int d = reader.ReadNumber(2);
  reader.ReadOneOf("Tt ");
  const int hours = reader.ReadNumber(2);
  reader.ReadOneOf(":");
  const int minutes = reader.ReadNumber(2);
  reader.ReadOneOf(":");
  const int seconds = reader.ReadNumber(2);
  const int milliseconds = reader.ReadFractionAsMilliseconds();
  const int offset_minutes = reader.ReadOffsetAsMinutes();

  const year_month_day date{year(y), month(static_cast<unsigned>(m)),
                            day(static_cast<unsigned>(d))};
  if (!reader.AtEnd() || !date.ok() || hours > 23 || minutes > 59 || seconds > 60) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("'{}' is not a time: expected RFC 3339, such as 2026-11-21T21:53:27Z", text));
  }
  const Time time = Time(sys_days(date)) + std::chrono::hours(hours) +
                    std::chrono::minutes(minutes - offset_minutes) + std::chrono::seconds(seconds) +
                    Duration(milliseconds);
  if (time < kFirst || time >= kEnd) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("'{}' is not a time between the UTC years 0000 and 9999", text));
  }
  return time;
}

}  // namespace promheal
