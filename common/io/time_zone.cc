#include "common/io/time_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "common/base/posix_time_zone.h"
#include "common/io/file.h"
#include "common/io/utf8.h"

namespace promheal {
namespace {

// Reads big-endian numbers. Reads past the end return 0, and ended() is true from then on.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  int64_t ReadNumber(size_t size) {
    if (bytes_.size() < size) {
      ended_ = true;
      bytes_ = {};
      return 0;
    }
    // The first byte carries the sign.
    auto number = static_cast<uint64_t>(static_cast<int64_t>(static_cast<int8_t>(bytes_[0])));
    for (size_t i = 1; i < size; ++i) number = number << 8U | static_cast<uint8_t>(bytes_[i]);
    bytes_.remove_prefix(size);
    return static_cast<int64_t>(number);
  }
  void Skip(size_t size) {
    ended_ = ended_ || size > bytes_.size();
    bytes_.remove_prefix(std::min(size, bytes_.size()));
  }
  bool ended() const { return ended_; }
  std::string_view rest() const { return bytes_; }

 private:
  std::string_view bytes_;
  bool ended_ = false;
};

// RFC 8536, section 3.1.
struct Header {
  size_t ut_indicators, standard_indicators, leap_seconds, transitions, types, letters;
};

constexpr size_t kMagicAndVersion = 20;
constexpr size_t kMaxCount = 10'000;  // A limit; real files list some hundred transitions.
constexpr int64_t kEndOfTimes = 253'402'300'800;  // The year 10000.
constexpr std::chrono::year kLastYear{2100};      // The table follows a rule until then.

Header ReadHeader(Reader& in) {
  in.Skip(kMagicAndVersion);
  const auto read_count = [&] {
    return std::min(kMaxCount, static_cast<size_t>(std::max<int64_t>(0, in.ReadNumber(4))));
  };
  Header header{};
  header.ut_indicators = read_count();
  header.standard_indicators = read_count();
  header.leap_seconds = read_count();
  header.transitions = read_count();
  header.types = read_count();
  header.letters = read_count();
  return header;
}

void SkipAfterTypes(Reader& in, const Header& header, size_t time_size) {
  in.Skip(header.letters + header.leap_seconds * (time_size + 4) + header.standard_indicators +
          header.ut_indicators);
}

void SkipData(Reader& in, const Header& header, size_t time_size) {
  in.Skip(header.transitions * (time_size + 1) + header.types * 6);
  SkipAfterTypes(in, header, time_size);
}

// The offsets that the file lists.
Result<Calendar> ReadTable(Reader& in, const Header& header) {
  std::vector<int64_t> times;
  for (size_t i = 0; i < header.transitions; ++i) times.push_back(in.ReadNumber(8));
  std::vector<size_t> types;
  for (size_t i = 0; i < header.transitions; ++i)
    types.push_back(static_cast<size_t>(in.ReadNumber(1)));
  std::vector<Duration> offsets;
  for (size_t i = 0; i < header.types; ++i) {
    offsets.emplace_back(std::chrono::seconds(in.ReadNumber(4)));
    in.Skip(2);
  }
  if (in.ended() || offsets.empty()) return Fail(ErrorCode::kDataLoss, "ends too early");
  Calendar calendar;
  calendar.offsets.push_back({Time::min(), offsets.front()});
  for (size_t i = 0; i < times.size(); ++i) {
    if (types[i] >= offsets.size()) return Fail(ErrorCode::kDataLoss, "names an unknown offset");
    if (times[i] >= kEndOfTimes) return Fail(ErrorCode::kDataLoss, "names a year after 9999");
    if (times[i] < 0) {  // Only the last change before 1970 matters: no sample is older.
      calendar.offsets.front().offset = offsets[types[i]];
      continue;
    }
    calendar.offsets.push_back({Time(std::chrono::seconds(times[i])), offsets[types[i]]});
  }
  return calendar;
}

// The rule, between two line breaks after the table: RFC 8536, section 3.3.
Result<std::string_view> ReadFooter(Reader& in) {
  const std::string_view footer = in.rest();
  const size_t end = footer.find('\n', 1);
  if (in.ended() || !footer.starts_with('\n') || end == std::string_view::npos) {
    return Fail(ErrorCode::kDataLoss, "ends too early");
  }
  return footer.substr(1, end - 1);
}

// Appends changes by the rule, which holds from the last listed change on, or always if none is
// listed: RFC 8536, section 3.2.
void AppendRule(Calendar& calendar, const PosixTimeZone& rule) {
  const Time from = std::max(Time(), calendar.offsets.back().from);
  const std::chrono::year_month_day first(std::chrono::floor<std::chrono::days>(from));
  if (first.year() > kLastYear) return;
  const Calendar after = ToCalendar(rule, first.year(), kLastYear);
  calendar.offsets.back().offset = after.OffsetAt(from);
  for (Time change = after.NextChange(from); change != Time::max();
       change = after.NextChange(change)) {
    calendar.offsets.push_back({change, after.OffsetAt(change)});
  }
}

}  // namespace

Result<Calendar> ParseTimeZone(std::string_view file) {
  if (!file.starts_with("TZif") || file.size() <= 4 || file[4] < '2') {
    return Fail(ErrorCode::kDataLoss, "is not a time zone file with 64-bit times");
  }
  Reader in(file);
  SkipData(in, ReadHeader(in), 4);  // The first half: the same table with 32-bit times.
  const Header header = ReadHeader(in);
  Result<Calendar> calendar = ReadTable(in, header);
  if (!calendar) return calendar;
  SkipAfterTypes(in, header, 8);
  const Result<std::string_view> footer = ReadFooter(in);
  if (!footer) return tl::make_unexpected(footer.error());
  if (footer->empty()) return calendar;  // No rule: the last offset stays.
  const Result<PosixTimeZone> rule = ParsePosixTimeZone(*footer);
  if (!rule) {
    return Fail(ErrorCode::kDataLoss, fmt::format("its last line '{}' {}", FirstWords(*footer, 60),
                                                  rule.error().message));
  }
  AppendRule(*calendar, *rule);
  return calendar;
}

Result<Calendar> ReadTimeZone(const std::string& name, const std::string& directory) {
  if (name == "UTC") return Calendar{};
  const bool is_unsafe = name.empty() || name.front() == '/' ||
                         name.find("..") != std::string::npos ||
                         name.find('\0') != std::string::npos;
  const Result<std::string> file =
      is_unsafe ? Result<std::string>(Fail(ErrorCode::kNotFound, "not a name"))
                : ReadFile(directory + "/" + name, 1 << 20);
  if (!file) return Fail(ErrorCode::kNotFound, "there is no time zone '" + name + "'");
  Result<Calendar> calendar = ParseTimeZone(*file);
  if (!calendar) return Prefixed(directory + "/" + name, calendar.error());
  return calendar;
}

}  // namespace promheal
