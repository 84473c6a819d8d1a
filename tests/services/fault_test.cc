#include "services/shop/fault.h"

#include <gtest/gtest.h>

#include "tests/support/temp_directory.h"

namespace promheal::shop {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Query = std::map<std::string, std::string>;

constexpr uint64_t kMiB = uint64_t{1} << 20;

TEST(FaultTest, ReadsEveryModeWithItsDefaults) {
  struct Row {
    Query query;
    Fault expected;
    const char* description;
  };
  for (const Row& row : {
           Row{{},
               {.mode = FaultMode::kHang, .duration = seconds(60)},
               "hang for 1m: nothing is answered"},
           Row{{{"duration", "5s"}},
               {.mode = FaultMode::kHang, .duration = seconds(5)},
               "hang for 5s: nothing is answered"},
           Row{{{"mode", "none"}},
               {.mode = FaultMode::kNone, .duration = seconds(0)},
               "none: back to normal"},
           Row{{{"mode", "crash"}},
               {.mode = FaultMode::kCrash, .duration = seconds(0)},
               "crash: the process ends now"},
           Row{{{"mode", "latency"}},
               {.mode = FaultMode::kLatency, .rate = 0.5, .service_time = milliseconds(250)},
               "latency for 1m: 50 % of the workers are lost, a request takes 250ms"},
           Row{{{"mode", "latency"}, {"rate", "0.75"}, {"amount", "1s"}, {"duration", "10m"}},
               {.mode = FaultMode::kLatency,
               .duration = minutes(10),
               .rate = 0.75,
               .service_time = seconds(1)},
               "latency for 10m: 75 % of the workers are lost, a request takes 1s"},
           Row{{{"mode", "errors"}, {"rate", "1"}},
               {.mode = FaultMode::kErrors, .rate = 1},
               "errors for 1m: 100 % of the requests are answered with 500"},
           Row{{{"mode", "cpu"}, {"duration", "100ms"}},
               {.mode = FaultMode::kCpu, .duration = milliseconds(100), .rate = 0.8},
               "cpu for 100ms: 80 % of one core is burnt"},
           Row{{{"mode", "memory"}},
               {.mode = FaultMode::kMemory, .bytes = 128 * kMiB},
               "memory for 1m: memory grows by 128MiB"},
           Row{{{"mode", "memory"}, {"amount", "512MiB"}},
               {.mode = FaultMode::kMemory, .bytes = 512 * kMiB},
               "memory for 1m: memory grows by 512MiB"},
           Row{{{"mode", "memory"}, {"amount", "2048KiB"}},
               {.mode = FaultMode::kMemory, .bytes = 2 * kMiB},
               "memory for 1m: memory grows by 2MiB"},
           Row{{{"mode", "log_errors"}, {"rate", "0.25"}},
               {.mode = FaultMode::kLogErrors, .rate = 0.25},
               "log_errors for 1m: 25 % of the requests log an error"},
       }) {
    const Result<Fault> fault = ParseFault(row.query);
    ASSERT_TRUE(fault.has_value()) << row.description << ": " << fault.error().message;
    EXPECT_EQ(*fault, row.expected) << row.description;
    EXPECT_EQ(Describe(*fault), row.description);
  }
}

TEST(FaultTest, ReadsAFileAndSaysWhichOneIsWrong) {
  const support::TempDirectory directory;
  EXPECT_EQ(ReadFaultFile(directory.PathOf("none")), Result<std::optional<Fault>>(std::nullopt));
  const Result<std::optional<Fault>> fault =
      ReadFaultFile(directory.Write("fault", "mode=errors&rate=0.25&duration=2s\n"));
  EXPECT_EQ(fault, Result<std::optional<Fault>>(
                       Fault{.mode = FaultMode::kErrors, .duration = seconds(2), .rate = 0.25}));
  const std::string wrong = directory.Write("wrong", "mode=crash&rate=1");
  EXPECT_EQ(ReadFaultFile(wrong).error().message, wrong + ": rate: mode=crash takes no parameters");
}

TEST(FaultTest, SaysWhatItExpectedInstead) {
  struct Row {
    Query query;
    const char* message;
  };
  constexpr char kModes[] =
      "expected one of none, crash, hang, latency, errors, cpu, memory, log_errors";
  constexpr char kDuration[] = "expected a duration from 100ms to 10m, such as 30s";
  constexpr char kRate[] = "expected a share above 0 and at most 1, such as 0.5";
  constexpr char kSize[] = "expected a size up to 512MiB, such as 64MiB";
  const auto text = [](const char* start, const char* expected) {
    return std::string(start) + ": " + expected;
  };
  // Modes.
  EXPECT_EQ(ParseFault({{"mode", "explode"}}).error().message,
            text("mode: 'explode' is none", kModes));
  EXPECT_EQ(ParseFault({{"mode", ""}}).error().message, text("mode: '' is none", kModes));
  // Durations: bounded on both sides.
  for (const std::string value : {"", "30", "99ms", "10m1ms", "1h", "-1s", "soon"}) {
    EXPECT_EQ(ParseFault({{"duration", value}}).error().message,
              text(("duration: '" + value + "' is not right").c_str(), kDuration));
  }
  // Shares.
  for (const std::string value : {"", "0", "-0.5", "1.01", "50%", "half", "nan", "inf", "0.5x"}) {
    EXPECT_EQ(ParseFault({{"mode", "errors"}, {"rate", value}}).error().message,
              text(("rate: '" + value + "' is not right").c_str(), kRate));
  }
  // Sizes.
  for (const std::string value : {"", "64", "0MiB", "513MiB", "1GiB", "64MB", "-1MiB", "1.5MiB",
                                  "99999999999999999999MiB", "18446744073709551615GiB"}) {
    EXPECT_EQ(ParseFault({{"mode", "memory"}, {"amount", value}}).error().message,
              text(("amount: '" + value + "' is not right").c_str(), kSize));
  }
  // Service times.
  for (const std::string value : {"0", "11s", "64MiB"}) {
    EXPECT_EQ(ParseFault({{"mode", "latency"}, {"amount", value}}).error().message,
              text(("amount: '" + value + "' is not right").c_str(),
                   "expected a duration from 1ms to 10s, such as 30s"));
  }
  // Parameters that would have no effect.
  for (const Row& row : {
           Row{{{"mode", "crash"}, {"duration", "1s"}}, "duration: mode=crash takes no parameters"},
           Row{{{"mode", "none"}, {"rate", "1"}}, "rate: mode=none takes no parameters"},
           Row{{{"rate", "0.5"}}, "rate: mode=hang takes only duration"},
           Row{{{"mode", "errors"}, {"amount", "1s"}},
               "amount: mode=errors takes only duration rate"},
           Row{{{"mode", "memory"}, {"rate", "1"}}, "rate: mode=memory takes only duration amount"},
           Row{{{"mode", "latency"}, {"durations", "1s"}},
               "durations: mode=latency takes only duration rate amount"},
       }) {
    EXPECT_EQ(ParseFault(row.query).error().message, row.message);
  }
}

}  // namespace
}  // namespace promheal::shop
