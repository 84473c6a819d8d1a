#include "common/io/time_zone.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/io/file.h"

namespace promheal {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

// A table as zic makes it: nothing in 32 bits; in 64 bits UTC+1, from 1000 on UTC+2, from 5000 on
// UTC+1 again.
std::string Table() {
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
         letters + "\nCET-1\n";
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
  for (size_t size = 0; size < table.size() - 11; ++size) {
    EXPECT_FALSE(ParseTimeZone(table.substr(0, size))) << size;
  }
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
  if (!ReadFile("/usr/share/zoneinfo/Europe/Berlin")) GTEST_SKIP() << "no tzdata";
  const Calendar berlin = ReadTimeZone("Europe/Berlin").value();
  // Midnight of 15 January and of 15 July 2026 in Berlin, which is 23:00 and 22:00 UTC.
  EXPECT_EQ(berlin.Phase(Time(seconds(1'768'431'600)), days(1)), Duration(0));
  EXPECT_EQ(berlin.Phase(Time(seconds(1'784'066'400)), days(1)), Duration(0));
}

}  // namespace
}  // namespace promheal
