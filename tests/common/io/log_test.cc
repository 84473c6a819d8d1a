#include "common/io/log.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>
#include <vector>

#include "common/io/clock.h"
#include "tests/support/null_logger.h"

namespace promheal {
namespace {

class FixedClock final : public Clock {
 public:
  Time Now() const override { return ParseRfc3339("2026-11-21T21:53:27.120Z").value(); }
  Duration Monotonic() const override { return Duration(0); }
};

// The line of one call, without its line break.
std::string LineOf(LogFormat format, std::string_view msg, std::initializer_list<LogField> fields) {
  const FixedClock clock;
  const std::unique_ptr<Logger> logger = MakeStderrLogger(LogLevel::kInfo, format, clock);
  testing::internal::CaptureStderr();
  logger->Info(msg, fields);
  std::string line = testing::internal::GetCapturedStderr();
  EXPECT_EQ(line.back(), '\n');
  line.pop_back();
  EXPECT_EQ(line.find('\n'), std::string::npos) << "one call, one line";
  return line;
}

std::string LogfmtValue(std::string_view value) {
  const std::string line = LineOf(LogFormat::kLogfmt, "m", {{"k", value}});
  return line.substr(line.find(" k=") + 3);
}

TEST(LogTest, WritesLogfmtAsPrometheusDoes) {
  EXPECT_EQ(
      LineOf(LogFormat::kLogfmt, "model trained", {{"target", "orders"}, {"rows", 512}}),
      "time=2026-11-21T21:53:27.120Z level=INFO msg=\"model trained\" target=orders rows=512");
}

TEST(LogTest, WritesJsonWithTheSameKeys) {
  EXPECT_EQ(LineOf(LogFormat::kJson, "model trained", {{"target", "orders"}, {"rows", 512}}),
            R"({"time":"2026-11-21T21:53:27.120Z","level":"INFO","msg":"model trained",)"
            R"("target":"orders","rows":512})");
}

TEST(LogTest, FormatsEachTypeOfField) {
  EXPECT_EQ(LineOf(LogFormat::kLogfmt, "m",
                   {{"text", "a"},
                    {"yes", true},
                    {"negative", -3},
                    {"large", UINT64_MAX},
                    {"ratio", 0.1},
                    {"whole", 2.0},
                    {"settle", Duration(90000)}}),
            "time=2026-11-21T21:53:27.120Z level=INFO msg=m text=a yes=true negative=-3 "
            "large=18446744073709551615 ratio=0.1 whole=2 settle=1m30s");
}

TEST(LogTest, QuotesOnlyWhereItMust) {
  EXPECT_EQ(LogfmtValue("http://localhost:9090/api?x"), "http://localhost:9090/api?x");
  EXPECT_EQ(LogfmtValue("a,b;c{d}[e]%20"), "a,b;c{d}[e]%20");
  EXPECT_EQ(LogfmtValue(""), R"("")");
  EXPECT_EQ(LogfmtValue("two words"), R"("two words")");
  EXPECT_EQ(LogfmtValue(R"({service="orders"})"), R"("{service=\"orders\"}")");
  EXPECT_EQ(LogfmtValue("für"), R"("für")");
}

TEST(LogTest, AValueCannotForgeALineOrAKey) {
  EXPECT_EQ(LogfmtValue("x\nlevel=ERROR msg=forged"), R"("x\nlevel=ERROR msg=forged")");
  EXPECT_EQ(LogfmtValue("x level=ERROR"), R"("x level=ERROR")");
  EXPECT_EQ(LogfmtValue("x\" level=\"ERROR"), R"("x\" level=\"ERROR")");
  EXPECT_EQ(LogfmtValue("x\\\" y"), R"("x\\\" y")");
  EXPECT_EQ(LogfmtValue("a=b"), R"("a=b")");
  EXPECT_EQ(LogfmtValue("\r\t\v\x1b[31m"), R"("\r\t\u000b\u001b[31m")");
  EXPECT_EQ(LogfmtValue(std::string_view("a\0b", 3)), R"("a\u0000b")");
}

TEST(LogTest, EscapesLineBreaksAndHiddenMarksOfUnicode) {
  EXPECT_EQ(LogfmtValue("a\xc2\x85z"), R"("a\u0085z")");      // Next line.
  EXPECT_EQ(LogfmtValue("a\xe2\x80\xa8z"), R"("a\u2028z")");  // Line separator.
  EXPECT_EQ(LogfmtValue("a\xe2\x80\xaez"), R"("a\u202ez")");  // Right-to-left override.
  EXPECT_EQ(LogfmtValue("a\xff\xc0\xafz"), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
}

TEST(LogTest, BracesInAValueAreNoFormat) {
  EXPECT_EQ(LogfmtValue("{}{0}%s"), "{}{0}%s");
  EXPECT_EQ(LineOf(LogFormat::kLogfmt, "{} {", {}),
            "time=2026-11-21T21:53:27.120Z level=INFO msg=\"{} {\"");
}

TEST(LogTest, JsonReadsBackWhateverTheValueIs) {
  for (const std::string value : {"plain", "\"quoted\"", "back\\slash", "line\nbreak", "tab\t",
                                  "\x1b[0m", "für", "😀", "}{", "\",\"level\":\"ERROR"}) {
    const std::string line = LineOf(LogFormat::kJson, value, {{"k", value}});
    const nlohmann::json json = nlohmann::json::parse(line);
    EXPECT_EQ(json.at("k"), value);
    EXPECT_EQ(json.at("msg"), value);
    EXPECT_EQ(json.at("level"), "INFO");
    EXPECT_EQ(json.size(), 4);
  }
}

TEST(LogTest, JsonStaysJsonForNumbersThatJsonDoesNotKnow) {
  const nlohmann::json json =
      nlohmann::json::parse(LineOf(LogFormat::kJson, "m",
                                   {{"nan", std::numeric_limits<double>::quiet_NaN()},
                                    {"inf", -std::numeric_limits<double>::infinity()},
                                    {"ratio", 0.25},
                                    {"yes", true}}));
  EXPECT_EQ(json.at("nan"), "nan");
  EXPECT_EQ(json.at("inf"), "-inf");
  EXPECT_EQ(json.at("ratio"), 0.25);
  EXPECT_EQ(json.at("yes"), true);
}

TEST(LogTest, WritesNothingBelowItsLevel) {
  const FixedClock clock;
  const std::unique_ptr<Logger> logger =
      MakeStderrLogger(LogLevel::kWarn, LogFormat::kLogfmt, clock);
  testing::internal::CaptureStderr();
  logger->Debug("debug");
  logger->Info("info");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  testing::internal::CaptureStderr();
  logger->Warn("warn");
  logger->Error("error");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "time=2026-11-21T21:53:27.120Z level=WARN msg=warn\n"
            "time=2026-11-21T21:53:27.120Z level=ERROR msg=error\n");
}

TEST(LogTest, LinesOfSeveralThreadsDoNotMix) {
  const FixedClock clock;
  const std::unique_ptr<Logger> logger = MakeStderrLogger(LogLevel::kInfo, LogFormat::kJson, clock);
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&logger, t] {
      for (int i = 0; i < 200; ++i) logger->Info(std::string(500, 'm'), {{"thread", t}, {"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream lines(testing::internal::GetCapturedStderr());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(nlohmann::json::parse(line).size(), 5U);
  }
  EXPECT_EQ(count, 800);
}

TEST(LogTest, TheNullLoggerDiscardsEverything) {
  testing::internal::CaptureStderr();
  support::MakeNullLogger()->Error("lost", {{"k", "v"}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(LogTest, ReadsLevelsAndFormatsAndSaysWhichThereAre) {
  EXPECT_EQ(ParseLogLevel("debug"), LogLevel::kDebug);
  EXPECT_EQ(ParseLogLevel("error"), LogLevel::kError);
  EXPECT_EQ(ParseLogLevel("INFO").error().message,
            "'INFO' is not a log level: expected debug, info, warn or error");
  EXPECT_EQ(ParseLogFormat("json"), LogFormat::kJson);
  EXPECT_EQ(ParseLogFormat("xml").error().message,
            "'xml' is not a log format: expected logfmt or json");
}

}  // namespace
}  // namespace promheal
