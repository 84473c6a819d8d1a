#include "webhook/cli/simulate_command.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "common/io/file.h"
#include "tests/support/child_process.h"
#include "tests/support/free_port.h"
#include "tests/support/temp_directory.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

constexpr char kFolder[] = PROMHEAL_SOURCE_DIR "/tests/testdata/simulate";

// In the folder of the example.
support::Finished Simulate(const std::string& flags) {
  return support::RunToEnd(
      {"/bin/sh", "-c",
       fmt::format("cd '{}' && exec '{}' simulate {}", kFolder, HEALING_WEBHOOK, flags)},
      30s);
}

// What stands after "$ healing_webhook simulate FLAGS" in the document.
std::pair<std::string, std::string> Example() {
  const std::string document = *ReadFile(PROMHEAL_SOURCE_DIR "/docs/simulate.md");
  const std::string prompt = "$ healing_webhook simulate ";
  const size_t start = document.find(prompt) + prompt.size();
  const size_t end_of_line = document.find('\n', start);
  const size_t end = document.find("```", end_of_line);
  return {document.substr(start, end_of_line - start),
          document.substr(end_of_line + 1, end - end_of_line - 1)};
}

TEST(SimulateCommandTest, SaysWhatItsPageSays) {
  const auto [flags, expected] = Example();
  const support::Finished done = Simulate(flags);
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.output, expected);
}

TEST(SimulateCommandTest, OnePolicyAlone) {
  const support::Finished done =
      Simulate("--config.file=eager.yml --payloads=payloads.jsonl --answers=answers.jsonl --json");
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_NE(done.output.find("\"deliveries\": 4"), std::string::npos) << done.output;
  EXPECT_NE(done.output.find("\"unanswered_questions\": 0"), std::string::npos);
}

TEST(SimulateCommandTest, SaysWhatIsMissing) {
  const auto complaint = [](const std::string& flags) {
    const support::Finished done = Simulate(flags);
    EXPECT_EQ(done.status, 1) << flags;
    return done.output;
  };
  EXPECT_EQ(complaint("--config.file=eager.yml"),
            "nothing to simulate: expected either --payloads, or --from and --to\n");
  EXPECT_NE(complaint("--config.file=eager.yml --from=then --to=now")
                .find("--from: 'then' is not a time"),
            std::string::npos);
  EXPECT_NE(complaint("--config.file=eager.yml --payloads=payloads.jsonl --from=-1w")
                .find("expected either --payloads, or"),
            std::string::npos);
  EXPECT_NE(complaint("--config.file=none.yml --payloads=payloads.jsonl").find("none.yml"),
            std::string::npos);
  EXPECT_NE(complaint("--config.file=eager.yml --payloads=none").find("none"), std::string::npos);
  EXPECT_NE(
      complaint("--config.file=eager.yml --payloads=payloads.jsonl --after=soon").find("--after: "),
      std::string::npos);
}

TEST(SimulateCommandTest, SaysAndKeepsNothingWithoutAPrometheusThatAnswers) {
  const support::TempDirectory directory;
  const std::string answers = directory.PathOf("answers.jsonl");
  const support::Finished done =
      Simulate(fmt::format("--config.file=eager.yml --payloads=payloads.jsonl --answers='{}' "
                           "--prometheus.url=http://127.0.0.1:{}",
                           answers, support::FreePort()));
  EXPECT_EQ(done.status, 1);
  EXPECT_TRUE(done.output.starts_with(
      "Prometheus did not answer, so there is no result and nothing is saved"))
      << done.output;
  EXPECT_FALSE(ReadFile(answers));
}

TEST(SimulateCommandTest, SaysWhereThereWereNoAlerts) {
  const support::TempDirectory directory;
  const support::Finished done = Simulate(
      "--config.file=eager.yml --answers=answers.jsonl "
      "--payloads='" +
      directory.path() + "'");
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.output, "No alerts were delivered: there was nothing to decide.\n");
}

}  // namespace
}  // namespace promheal::healing
