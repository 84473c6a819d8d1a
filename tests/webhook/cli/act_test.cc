// The real program as a command, with a configuration of its own and without a running healer.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

class ActTest : public testing::Test {
 protected:
  ActTest() {
    directory_.Write("healing.yml",
                     fmt::format("actions:\n"
                                 "  note: {{command: {{argv: [touch, \"{}/{{service}}\"]}}}}\n"
                                 "  fail: {{command: {{argv: [\"false\"]}}}}\n"
                                 "  hang: {{timeout: 200ms, command: {{argv: [sleep, \"60\"]}}}}\n"
                                 "  gone: {{docker: {{operation: restart, socket: {}/no.sock, "
                                 "labels: {{service: \"{{service}}\"}}}}}}\n"
                                 "targets: {{protected: [{{service: vault}}]}}\n",
                                 directory_.path(), directory_.path()));
  }
  support::Finished Run(const std::string& command, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {HEALING_WEBHOOK, command, "--config.file", directory_.PathOf("healing.yml")});
    return support::RunToEnd(std::move(arguments));
  }
  bool Noted() const { return std::filesystem::exists(directory_.PathOf("orders")); }

  support::TempDirectory directory_;
};

TEST_F(ActTest, CarriesOutAConfiguredAction) {
  const support::Finished done = Run("act", {"--action=note", "--target=service=orders"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_EQ(done.output, "done: exit status 0\n");
  EXPECT_TRUE(Noted());
}

TEST_F(ActTest, ADryRunChangesNothing) {
  const support::Finished done =
      Run("act", {"--action=note", "--target=service=orders", "--dry-run"});
  EXPECT_EQ(done.status, 0) << done.output;
  EXPECT_NE(done.output.find("would carry out command: touch"), std::string::npos) << done.output;
  EXPECT_FALSE(Noted());
}

TEST_F(ActTest, TheExitStatusTellsWhatCameOfIt) {
  EXPECT_EQ(Run("act", {"--action=fail", "--target=service=orders"}).status, 1);
  EXPECT_EQ(Run("act", {"--action=hang", "--target=service=orders"}).status, 2);
}

TEST_F(ActTest, RefusesInOneLine) {
  struct Row {
    std::vector<std::string> arguments;
    const char* expected;
  };
  for (const Row& row : {
           Row{{"--action=note", "--target=service=vault"}, "is protected"},
           Row{{"--action=note", "--target=service=prometheus"}, "is protected"},
           Row{{"--action=note", "--target=cluster=eu"}, "the label 'service' is missing"},
           Row{{"--action=note", "--target=orders"}, "'orders' is not a label"},
           Row{{"--action=note"}, "'' is not a label"},
           Row{{"--action=nota", "--target=service=a"}, "there is no 'nota': expected one of"},
           Row{{"--action=note", "--target=service=../x"}, "may not be put into a command"},
       }) {
    const support::Finished done = Run("act", row.arguments);
    EXPECT_EQ(done.status, 1) << row.expected;
    EXPECT_NE(done.output.find(row.expected), std::string::npos) << done.output;
  }
  EXPECT_FALSE(Noted());
}

TEST_F(ActTest, SaysWhoAnswersAndWhoDoesNot) {
  const support::Finished done = Run("executors", {});
  EXPECT_EQ(done.status, 1) << "one does not";
  EXPECT_NE(done.output.find("gone\n  does     docker: restart containers with service={service}\n"
                             "  for      no policy\n  SILENT   asking the engine at"),
            std::string::npos)
      << done.output;
}

}  // namespace
}  // namespace promheal::healing
