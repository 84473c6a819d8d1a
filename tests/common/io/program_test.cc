#include "common/io/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace promheal {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

const ProgramDescription kProgram = {.name = "anomaly_exporter",
                                     .summary = "Scores the targets of an existing Prometheus.",
                                     .default_config_file = "exporter.yml",
                                     .default_listen_address = ":10180"};

Result<ParsedFlags> Parse(std::vector<const char*> arguments,
                          const std::vector<ExtraFlag>& extra = {}) {
  arguments.insert(arguments.begin(), "anomaly_exporter");
  return ParseFlags(kProgram, extra, static_cast<int>(arguments.size()), arguments.data());
}

std::string OutputOf(const char* argument) {
  std::string path;
  testing::internal::CaptureStdout();
  const Result<ParsedFlags> parsed = Parse({argument}, {{.name = "storage.path",
                                                         .help = "Directory of the models.",
                                                         .default_value = "data/",
                                                         .value = &path}});
  EXPECT_TRUE(parsed.has_value() && parsed->exit_now);
  return testing::internal::GetCapturedStdout();
}

TEST(ProgramTest, HasDefaultsForEverything) {
  const CommonFlags flags = Parse({})->flags;
  EXPECT_EQ(flags.config_file, "exporter.yml");
  EXPECT_FALSE(flags.config_check);
  EXPECT_EQ(flags.prometheus_url, "");
  EXPECT_EQ(flags.web_listen_address, ":10180");
  EXPECT_EQ(flags.web_config_file, "");
  EXPECT_FALSE(flags.web_enable_lifecycle);
  EXPECT_EQ(flags.log_level, LogLevel::kInfo);
  EXPECT_EQ(flags.log_format, LogFormat::kLogfmt);
}

TEST(ProgramTest, ReadsEachFlagInBothSpellings) {
  std::string path;
  const Result<ParsedFlags> parsed = Parse(
      {"--config.file=a.yml", "--config.check", "--prometheus.url", "http://p:9090/x?y=z",
       "--web.listen-address=127.0.0.1:0", "--web.config.file=web.yml", "--web.enable-lifecycle",
       "--log.level=debug", "--log.format", "json", "--storage.path=/var/lib"},
      {{.name = "storage.path", .help = "", .default_value = "data/", .value = &path}});
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(parsed->flags.config_file, "a.yml");
  EXPECT_TRUE(parsed->flags.config_check);
  EXPECT_EQ(parsed->flags.prometheus_url, "http://p:9090/x?y=z");
  EXPECT_EQ(parsed->flags.web_listen_address, "127.0.0.1:0");
  EXPECT_EQ(parsed->flags.web_config_file, "web.yml");
  EXPECT_TRUE(parsed->flags.web_enable_lifecycle);
  EXPECT_EQ(parsed->flags.log_level, LogLevel::kDebug);
  EXPECT_EQ(parsed->flags.log_format, LogFormat::kJson);
  EXPECT_EQ(path, "/var/lib");
  EXPECT_FALSE(parsed->exit_now);
}

TEST(ProgramTest, AnExtraFlagHasItsDefault) {
  std::string path = "untouched";
  ASSERT_TRUE(
      Parse({}, {{.name = "storage.path", .help = "", .default_value = "data/", .value = &path}}));
  EXPECT_EQ(path, "data/");
}

TEST(ProgramTest, AnExtraFlagMayBeASwitch) {
  bool dry_run = true;
  const std::vector<ExtraFlag> extra = {{.name = "dry-run", .help = "", .given = &dry_run}};
  ASSERT_TRUE(Parse({}, extra).has_value());
  EXPECT_FALSE(dry_run);
  ASSERT_TRUE(Parse({"--dry-run"}, extra).has_value());
  EXPECT_TRUE(dry_run);
  EXPECT_FALSE(Parse({"--dry-run=yes"}, extra).has_value());
}

TEST(ProgramTest, AProgramWithoutConfigurationHasNoFlagsForIt) {
  const ProgramDescription program = {.name = "shop_orders",
                                      .summary = "",
                                      .default_config_file = "",
                                      .default_listen_address = ":3011",
                                      .has_configuration = false};
  const char* none[] = {"shop_orders"};
  EXPECT_EQ(ParseFlags(program, {}, 1, none)->flags.web_listen_address, ":3011");
  const char* configured[] = {"shop_orders", "--config.file=x.yml"};
  const Result<ParsedFlags> refused = ParseFlags(program, {}, 2, configured);
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().message, HasSubstr("unknown flag '--config.file"));
}

TEST(ProgramTest, SaysInOneLineWhatIsWrong) {
  struct Row {
    std::vector<const char*> arguments;
    const char* message;
  };
  for (const Row& row : std::vector<Row>{
           {{"--foo"}, "unknown flag '--foo' (try --help)"},
           {{"--conf=a"}, "unknown flag '--conf=a' (try --help)"},
           {{"-x"}, "unknown flag '-x' (try --help)"},
           {{"exporter.yml"}, "only flags are expected, such as --config.file=PATH (try --help)"},
           {{"--config.file"},
            "--config.file needs a value: expected --config.file=PATH (try --help)"},
           {{"--config.file="},
            "--config.file needs a value: expected --config.file=PATH (try --help)"},
           {{"--config.file", "--config.check"},
            "--config.file needs a value: expected --config.file=PATH (try --help)"},
           {{"--web.listen-address", "--help"},
            "--web.listen-address needs a value: expected --web.listen-address=ADDRESS (try "
            "--help)"},
           {{"--config.check=yes"}, "--config.check takes no value (try --help)"},
           {{"--config.file=a", "--config.file=b"},
            "--config.file is given more than once (try --help)"},
           {{"--log.level=loud"},
            "--log.level: 'loud' is not a log level: expected debug, info, warn or error (try "
            "--help)"},
           {{"--log.format=xml"},
            "--log.format: 'xml' is not a log format: expected logfmt or json (try --help)"}}) {
    const Result<ParsedFlags> parsed = Parse(row.arguments);
    ASSERT_FALSE(parsed.has_value()) << row.arguments.front();
    EXPECT_EQ(parsed.error(), (Error{ErrorCode::kInvalidArgument, row.message}));
  }
}

TEST(ProgramTest, HelpListsEveryFlagWithItsDefaultInAHundredColumns) {
  const std::string help = OutputOf("--help");
  EXPECT_EQ(help, OutputOf("-h"));
  EXPECT_THAT(help, HasSubstr("anomaly_exporter: Scores the targets of an existing Prometheus.\n\n"
                              "Usage: anomaly_exporter [FLAGS]\n"));
  for (const char* line :
       {"      --config.file=PATH            Configuration file. Default: exporter.yml\n",
        "      --storage.path=VALUE          Directory of the models. Default: data/\n",
        "  -h, --help                        Show this help and exit.\n"}) {
    EXPECT_THAT(help, HasSubstr(line));
  }
  for (const char* flag : {"--config.check", "--prometheus.url=URL", "--web.listen-address=ADDRESS",
                           "--web.config.file=PATH", "--web.enable-lifecycle", "--log.level=LEVEL",
                           "--log.format=FORMAT", "--version"}) {
    EXPECT_THAT(help, HasSubstr(flag));
  }
  size_t start = 0;
  for (size_t end = help.find('\n'); end != std::string::npos; end = help.find('\n', start)) {
    EXPECT_LE(end - start, 100U) << help.substr(start, end - start);
    start = end + 1;
  }
}

TEST(ProgramTest, VersionIsWhatPrometheusComponentsPrint) {
  EXPECT_THAT(OutputOf("--version"),
              ContainsRegex("^anomaly_exporter, version [0-9]+\\.[0-9]+\\.[0-9]+ "
                            "\\(revision: [0-9a-z]+, compiler: [A-Za-z]+ [0-9.]+\\)\n$"));
}

TEST(ProgramTest, HelpIsAnsweredEvenBesideABadValue) {
  testing::internal::CaptureStdout();
  EXPECT_TRUE(Parse({"--log.level=loud", "--help"})->exit_now);
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("Usage:"));
}

}  // namespace
}  // namespace promheal
