#include "common/io/time_zone.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/io/file.h"
#include "tests/support/temp_directory.h"

namespace promheal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

// A table as zic makes it: empty in 32 bits; in 64 bits UTC+1, from second 1000 UTC+2, from second
// 5000 UTC+1 again.
std::string Table(const std::string& footer = "\nCET-1\n") {
  const auto number = [](int64_t value, size_t size) {  // Not negative.
    std::string bytes(size, '\0');
    for (size_t i = size; i > 0 && value > 0; value >>= 8U) {
      bytes[--i] = static_cast<char>(value & 0xff);
    }
    return bytes;
  };
  const auto header = [&](int transitions, int types) {
    return "TZif2" + std::string(15, '\0') + number(0, 12) + number(transitions, 4) +
           number(types, 4) + number(4, 4);
  };
  const std::string letters("CET\0", 4);
  return header(0, 1) + number(0, 6) + letters + header(2, 2) + number(1000, 8) + number(5000, 8) +
         std::string("\1\0", 2) + number(3600, 4) + number(0, 2) + number(7200, 4) + number(1, 2) +
         letters + footer;
}

// Four bytes of a table as a number.
size_t Number(const std::string& file, size_t at) {
  size_t number = 0;
  for (size_t i = 0; i < 4; ++i) number = number << 8U | static_cast<uint8_t>(file[at + i]);
  return number;
}

// A "fat" file's 64-bit table without its changes from `first_left_out` on, like the output of
// `zic -b slim`: the rule in the file's last line gives the same changes.
std::string Slim(const std::string& fat, int64_t first_left_out) {
  constexpr size_t kHeader = 44;
  const size_t second = kHeader + Number(fat, 20) + Number(fat, 24) + Number(fat, 28) * 8 +
                        Number(fat, 32) * 5 + Number(fat, 36) * 6 + Number(fat, 40);
  const size_t listed = Number(fat, second + 32);
  const auto time = [&](size_t i) {
    const size_t at = second + kHeader + i * 8;
    return static_cast<int64_t>(Number(fat, at) << 32U | Number(fat, at + 4));
  };
  size_t kept = 0;
  while (kept < listed && time(kept) < first_left_out) ++kept;
  const size_t times = second + kHeader;
  std::string slim = fat.substr(0, times);
  for (size_t i = 0; i < 4; ++i) {
    slim[second + 32 + i] = static_cast<char>(kept >> (8 * (3 - i)) & 0xff);
  }
  return slim + fat.substr(times, kept * 8) + fat.substr(times + listed * 8, kept) +
         fat.substr(times + listed * 9);
}

TEST(TimeZoneTest, ReadsTheOffsetsOfATable) {
  const Result<Calendar> calendar = ParseTimeZone(Table());
  ASSERT_TRUE(calendar) << calendar.error().message;
  EXPECT_EQ(calendar->offsets, (std::vector<UtcOffset>{{Time::min(), hours(1)},
                                                       {Time(seconds(1000)), hours(2)},
                                                       {Time(seconds(5000)), hours(1)}}));
}

TEST(TimeZoneTest, RefusesWhatIsNoTable) {
  EXPECT_FALSE(ParseTimeZone(""));
  EXPECT_FALSE(ParseTimeZone("TZif"));
  EXPECT_FALSE(ParseTimeZone("text"));
  const std::string table = Table();
  for (size_t size = 0; size < table.size(); ++size) {
    EXPECT_FALSE(ParseTimeZone(table.substr(0, size))) << size;
  }
  std::string far = table;
  far[far.find("\x13\x88") - 6] = 1;  // 5000 becomes a time millions of years from now.
  EXPECT_EQ(ParseTimeZone(far).error().message, "names a year after 9999");
}

TEST(TimeZoneTest, FollowsTheRuleOfTheLastLineAfterTheLastChange) {
  const Calendar calendar = ParseTimeZone(Table("\nCET-1CEST,M3.5.0,M10.5.0/3\n")).value();
  EXPECT_EQ(calendar.NextChange(Time(seconds(4999))), Time(seconds(5000)));
  EXPECT_EQ(calendar.OffsetAt(Time(seconds(5000))), hours(1));
  EXPECT_EQ(calendar.NextChange(Time(seconds(5000))), *ParseRfc3339("1970-03-29T01:00:00Z"));
  EXPECT_EQ(calendar.OffsetAt(*ParseRfc3339("2026-07-01T00:00:00Z")), hours(2));
  EXPECT_EQ(calendar.OffsetAt(*ParseRfc3339("2100-07-01T00:00:00Z")), hours(2));
  EXPECT_EQ(calendar.OffsetAt(*ParseRfc3339("2101-07-01T00:00:00Z")), hours(1));
}

TEST(TimeZoneTest, WithoutAnyChangeTheRuleOfTheLastLineAlwaysHolds) {
  const std::string table = Slim(Table("\nAEST-10AEDT,M10.1.0,M4.1.0/3\n"), 0);
  const Calendar calendar = ParseTimeZone(table).value();
  EXPECT_EQ(calendar.OffsetAt(*ParseRfc3339("1970-01-01T00:00:00Z")), hours(11));
  EXPECT_EQ(calendar.OffsetAt(*ParseRfc3339("1970-07-01T00:00:00Z")), hours(10));
}

TEST(TimeZoneTest, KeepsTheLastOffsetIfTheLastLineIsEmpty) {
  EXPECT_EQ(ParseTimeZone(Table("\n\n")).value(), ParseTimeZone(Table()).value());
}

TEST(TimeZoneTest, TellsWhichFileEndsInNoRule) {
  const support::TempDirectory directory;
  const std::string path = directory.Write("Here", Table("\nCET-1CEST,\tM3\n"));
  const Result<Calendar> calendar = ReadTimeZone("Here", directory.path());
  ASSERT_FALSE(calendar);
  EXPECT_EQ(calendar.error().code, ErrorCode::kDataLoss);
  EXPECT_EQ(calendar.error().message,
            path +
                ": its last line 'CET-1CEST, M3' is not a time zone rule such as "
                "CET-1CEST,M3.5.0,M10.5.0/3");
}

TEST(TimeZoneTest, UtcNeedsNoFileAndUnknownNamesAreRefused) {
  EXPECT_EQ(ReadTimeZone("UTC", "/nowhere").value(), Calendar{});
  for (const char* name : {"", "Europe/Berln", "/etc/passwd", "../zoneinfo/UTC"}) {
    const Result<Calendar> calendar = ReadTimeZone(name);
    ASSERT_FALSE(calendar) << name;
    EXPECT_EQ(calendar.error().code, ErrorCode::kNotFound) << name;
  }
}

TEST(TimeZoneTest, KnowsSummerTimeOfTheSystemsZones) {
  ASSERT_TRUE(ReadTimeZone("Europe/Berlin")) << "is tzdata installed?";
  const Calendar berlin = ReadTimeZone("Europe/Berlin").value();
  // Midnight of 15 January and of 15 July 2026 in Berlin, which is 23:00 and 22:00 UTC.
  EXPECT_EQ(berlin.Phase(Time(seconds(1'768'431'600)), days(1)), Duration(0));
  EXPECT_EQ(berlin.Phase(Time(seconds(1'784'066'400)), days(1)), Duration(0));
}

TEST(TimeZoneTest, SlimFilesSayHourByHourWhatFatOnesDo) {
  const Time first = *ParseRfc3339("2020-01-01T00:00:00Z");
  const Time end = *ParseRfc3339("2037-12-31T00:00:00Z");
  const int64_t left_out = ParseRfc3339("2010-01-01T00:00:00Z")->time_since_epoch() / seconds(1);
  int compared = 0;
  for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Sydney", "Europe/Dublin",
                           "Asia/Kolkata", "Australia/Lord_Howe"}) {
    const Result<std::string> file = ReadFile(std::string("/usr/share/zoneinfo/") + name);
    if (!file) continue;
    const std::string slim = Slim(*file, left_out);
    const Calendar fat = ParseTimeZone(*file).value();
    const Calendar continued = ParseTimeZone(slim).value();
    if (std::string(name) != "Asia/Kolkata" && slim == *file) continue;
    ++compared;
    for (Time time = first; time < end; time += hours(1)) {
      ASSERT_EQ(continued.OffsetAt(time), fat.OffsetAt(time)) << name << " " << FormatRfc3339(time);
    }
  }
  EXPECT_EQ(compared, 6) << "is Debian's tzdata installed, whose files are fat?";
}

}  // namespace
}  // namespace promheal
