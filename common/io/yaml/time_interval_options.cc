#include "common/io/yaml/time_interval_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "common/io/time_zone.h"

namespace promheal {
namespace {

// The values of a key: numbers from `least` to `most`, or `names`, which begin at `least`.
struct Scale {
  const char* key;
  std::vector<NumberRange> TimeInterval::*ranges;
  int least;
  int most;
  bool has_numbers;
  bool wraps_around;  // The first value follows the last, as for weekdays.
  std::vector<std::string> names;
  const char* expected;
};

const std::vector<Scale>& Scales() {
  static const std::vector<Scale> scales = {
      {"weekdays",
       &TimeInterval::weekdays,
       0,
       6,
       false,
       true,
       {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"},
       "sunday to saturday, or a range such as monday:friday"},
      {"days_of_month",
       &TimeInterval::days_of_month,
       -31,
       31,
       true,
       false,
       {},
       "1 to 31, -1 to -31 from the month's last day back, or a range such as 1:7 or -3:-1"},
      {"months",
       &TimeInterval::months,
       1,
       12,
       true,
       true,
       {"january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december"},
       "january to december, 1 to 12, or a range such as june:august"},
      {"years",
       &TimeInterval::years,
       1970,
       9999,
       true,
       false,
       {},
       "a year, or a range such as 2026:2028"}};
  return scales;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

std::optional<int> ParseNumber(std::string_view text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end ? std::optional(number) : std::nullopt;
}

std::optional<int> ParseValue(const Scale& scale, std::string_view text) {
  const auto name = std::find(scale.names.begin(), scale.names.end(), Lower(text));
  if (name != scale.names.end()) {
    return scale.least + static_cast<int>(name - scale.names.begin());
  }
  const std::optional<int> number = scale.has_numbers ? ParseNumber(text) : std::nullopt;
  const bool is_valid = number && *number >= scale.least && *number <= scale.most && *number != 0;
  return is_valid ? number : std::nullopt;
}

// "2:-2" is in order, too: from the start of a month to its end.
bool IsInOrder(const Scale& scale, const NumberRange& range) {
  if ((range.first < 0) != (range.last < 0)) return range.first > 0;
  return scale.wraps_around || range.first <= range.last;
}

std::optional<NumberRange> ParseRange(const Scale& scale, std::string_view text) {
  const size_t colon = text.find(':');
  const auto first = ParseValue(scale, text.substr(0, colon));
  const auto last =
      colon == std::string_view::npos ? first : ParseValue(scale, text.substr(colon + 1));
  if (!first || !last || !IsInOrder(scale, {*first, *last})) return std::nullopt;
  return NumberRange{*first, *last};
}

// Returns whether the key limits the interval, even by a wrong value: an empty list does not.
bool ReadRanges(YamlMap& map, const Scale& scale, TimeInterval& interval) {
  std::vector<std::string> texts;
  const bool read = map.Read(scale.key, &texts);
  for (const std::string& text : texts) {
    if (const auto range = ParseRange(scale, text)) {
      (interval.*scale.ranges).push_back(*range);
    } else {
      map.AddError(map.MarkOf(scale.key), fmt::format("{}: '{}' is not understood: expected {}",
                                                      scale.key, text, scale.expected));
    }
  }
  return read ? !texts.empty() : map.Has(scale.key);
}

// "07:30" as the time since midnight; "24:00" is the next midnight.
std::optional<Duration> ParseTimeOfDay(std::string_view text) {
  constexpr size_t kLength = 5;
  if (text.size() != kLength || text[2] != ':' || text[0] == '-' || text[3] == '-') {
    return std::nullopt;
  }
  const std::optional<int> hours = ParseNumber(text.substr(0, 2));
  const std::optional<int> minutes = ParseNumber(text.substr(3));
  if (!hours || !minutes || *minutes > 59) return std::nullopt;
  const Duration time = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return time <= std::chrono::hours(24) ? std::optional(time) : std::nullopt;
}

std::string TimeOfDayText(Duration time) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time).count();
  return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

std::optional<Duration> ReadTimeOfDay(YamlMap& map, std::string_view key) {
  std::string text;
  if (!map.Read(key, &text, true)) return std::nullopt;
  const std::optional<Duration> time = ParseTimeOfDay(text);
  if (!time) {
    map.AddError(map.MarkOf(key), fmt::format("{}: '{}' is not a time of day: expected HH:MM, from "
                                              "00:00 to 24:00",
                                              key, text));
  }
  return time;
}

// Returns whether `times` limits the interval, like ReadRanges.
bool ReadTimes(YamlMap& map, std::vector<DayPart>& times) {
  bool has_some = false;
  const bool read = map.ReadList("times", [&](YamlMap& part) {
    has_some = true;
    const std::optional<Duration> begin = ReadTimeOfDay(part, "start_time");
    const std::optional<Duration> end = ReadTimeOfDay(part, "end_time");
    if (!begin || !end) return;
    times.push_back({*begin, *end});
    if (*begin < *end) return;
    part.AddError(
        part.MarkOf("end_time"),
        fmt::format("end_time: {} is not after {}: expected a later time of the same day; "
                    "split a range past midnight in two, until 24:00 and from 00:00",
                    TimeOfDayText(*end), TimeOfDayText(*begin)));
  });
  return read ? has_some : map.Has("times");
}

std::vector<std::string> RangeTexts(const Scale& scale, const TimeInterval& interval) {
  const auto name = [&](int number) {
    return scale.names.empty() ? std::to_string(number)
                               : scale.names[static_cast<size_t>(number - scale.least)];
  };
  std::vector<std::string> texts;
  for (const NumberRange& range : interval.*scale.ranges) {
    texts.push_back(range.first == range.last ? name(range.first)
                                              : name(range.first) + ':' + name(range.last));
  }
  return texts;
}

}  // namespace

void ReadTimeIntervals(YamlMap& map, std::string_view key, std::vector<TimeInterval>* intervals) {
  const bool read = map.ReadList(key, [&](YamlMap& item) {
    TimeInterval interval;
    bool is_limited = ReadTimes(item, interval.times);
    for (const Scale& scale : Scales()) {
      is_limited = ReadRanges(item, scale, interval) || is_limited;
    }
    ReadTimeZoneOption(item, "location", &interval.location, &interval.calendar);
    if (!is_limited) {
      item.AddError(item.mark(),
                    fmt::format("{}: this interval would never end: expected times, weekdays, "
                                "days_of_month, months or years",
                                key));
    }
    intervals->push_back(std::move(interval));
  });
  if (!map.Has(key)) {
    map.AddError(map.mark(), fmt::format("missing key '{}': expected a list of maps", key));
  } else if (read && intervals->empty()) {
    map.AddError(map.MarkOf(key), fmt::format("{}: expected at least one interval", key));
  }
}

void WriteTimeIntervals(std::string_view key, const std::vector<TimeInterval>& intervals,
                        YamlWriter& writer) {
  writer.List(key, intervals.size(), [&](size_t i) {
    const TimeInterval& interval = intervals[i];
    writer.Value("location", interval.location);
    for (const Scale& scale : Scales()) {
      const std::vector<std::string> texts = RangeTexts(scale, interval);
      if (!texts.empty()) writer.Values(scale.key, texts);
    }
    if (interval.times.empty()) return;
    writer.List("times", interval.times.size(), [&](size_t j) {
      writer.Value("start_time", TimeOfDayText(interval.times[j].begin));
      writer.Value("end_time", TimeOfDayText(interval.times[j].end));
    });
  });
}

void ReadTimeZoneOption(YamlMap& map, std::string_view key, std::string* name, Calendar* calendar) {
  if (!map.Read(key, name)) return;
  Result<Calendar> known = ReadTimeZone(*name);
  if (known) {
    *calendar = *std::move(known);
  } else {
    map.AddError(map.MarkOf(key),
                 fmt::format("{}: {}: expected UTC or a name such as Europe/Berlin", key,
                             known.error().message));
  }
}

}  // namespace promheal
