// `healing_webhook --config.check`, with and without a Prometheus to ask.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;

constexpr char kPolicies[] = R"(actions:
  restart: {command: {argv: [restart]}}
policies:
  - name: errors
    verify: {conditions: [{query: 'errors{service="{service}"}', expect: < 0.05}]}
    ladder: [{action: restart}]
)";

class ConfigCheckTest : public testing::Test {
 protected:
  support::Finished Check(const std::vector<std::string>& flags) {
    std::ofstream(path_) << kPolicies;
    std::vector<std::string> command = {HEALING_WEBHOOK, "--config.file=" + path_};
    command.insert(command.end(), flags.begin(), flags.end());
    return support::RunToEnd(command, 30s);
  }
  support::TempDirectory directory_;
  const std::string path_ = directory_.path() + "/healing.yml";
};

TEST_F(ConfigCheckTest, AsksNobodyUnlessItIsToldTo) {
  const support::Finished done = Check({"--config.check", "--prometheus.url=http://127.0.0.1:1"});
  EXPECT_EQ(done.status, 0);
  EXPECT_EQ(done.output, path_ + ": OK: 1 policies (1 shadow), 1 actions\n");
}

TEST_F(ConfigCheckTest, APrometheusThatIsAwayIsOneErrorAndAFailure) {
  const support::Finished done = Check({"--config.check", "--config.check.queries",
                                        "--prometheus.url=http://me:secret@127.0.0.1:1"});
  EXPECT_EQ(done.status, 1);
  EXPECT_TRUE(done.output.starts_with("asking Prometheus: http://127.0.0.1:1: ")) << done.output;
  EXPECT_EQ(std::count(done.output.begin(), done.output.end(), '\n'), 1) << done.output;
}

TEST_F(ConfigCheckTest, QueriesAreAskedByTheCheckOnly) {
  const support::Finished done = Check({"--config.check.queries"});
  EXPECT_EQ(done.status, 1);
  EXPECT_EQ(done.output, "--config.check.queries goes with --config.check (try --help)\n");
}

}  // namespace
}  // namespace promheal::healing
