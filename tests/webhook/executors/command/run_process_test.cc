#include "webhook/executors/command/run_process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temp_directory.h"
#include "tests/support/wait.h"

namespace promheal::healing {
namespace {

// "S", "Z", ...; "gone" if there is no such process.
std::string StateOf(pid_t pid) {
  std::string name, state = "gone";
  std::ifstream("/proc/" + std::to_string(pid) + "/stat") >> name >> name >> state;
  return state;
}

class RunProcessTest : public testing::Test {
 protected:
  ProcessResult Run(std::vector<std::string> arguments,
                    Duration deadline = std::chrono::seconds(20)) {
    auto result = RunProcess({.arguments = std::move(arguments),
                              .environment = {{"PATH", "/usr/bin:/bin"}},
                              .deadline = deadline},
                             clock_);
    EXPECT_TRUE(result) << result.error().message;
    return result.value_or(ProcessResult{});
  }
  SystemClock clock_;
};

TEST_F(RunProcessTest, TellsExitStatusSignalAndOutput) {
  EXPECT_EQ(Run({"true"}).exit_status, 0);
  EXPECT_EQ(Run({"sh", "-c", "exit 7"}).exit_status, 7);
  const ProcessResult killed = Run({"sh", "-c", "kill -9 $$"});
  EXPECT_EQ(killed.signal, SIGKILL);
  EXPECT_EQ(killed.exit_status, -1);
  EXPECT_EQ(Run({"sh", "-c", "echo out; echo err >&2"}).output, "out\nerr\n");
}

TEST_F(RunProcessTest, SaysWhereNothingCouldBeStarted) {
  const auto result = RunProcess({.arguments = {"/no/such/program"}}, clock_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kNotFound);
}

TEST_F(RunProcessTest, LooksForTheProgramInItsOwnPath) {
  const auto result =
      RunProcess({.arguments = {"true"}, .environment = {{"PATH", "/nowhere"}}}, clock_);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "starting true: true is not in the command's PATH");
}

TEST_F(RunProcessTest, TheKernelEndsWhatADeadHealerLeftBehind) {
  const support::TempDirectory directory;
  const std::string pid_file = directory.PathOf("pid");
  const pid_t healer = fork();
  if (healer == 0) {
    RunProcess({.arguments = {"/bin/sh", "-c", "echo $$ > " + pid_file + "; exec /bin/sleep 600"},
                .deadline = std::chrono::seconds(1)},
               clock_);
    _exit(0);
  }
  pid_t left = 0;
  ASSERT_TRUE(support::WaitUntil([&] { return std::ifstream(pid_file) >> left && left > 0; },
                                 std::chrono::seconds(10)));
  ::kill(healer, SIGKILL);
  ::waitpid(healer, nullptr, 0);
  EXPECT_EQ(::kill(left, 0), 0) << "still running";
  const auto gone = [&] { return ::kill(left, 0) != 0 || StateOf(left) == "Z"; };
  EXPECT_TRUE(support::WaitUntil(gone, std::chrono::seconds(10)));
}

TEST_F(RunProcessTest, KillsTheWholeGroupAtTheDeadline) {
  const support::TempDirectory directory;
  const std::string pid_file = directory.PathOf("pid");
  const ProcessResult result =
      Run({"sh", "-c", "sleep 600 & echo $! > " + pid_file + "; wait"}, std::chrono::seconds(1));
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.signal, SIGKILL);
  pid_t grandchild = 0;
  std::ifstream(pid_file) >> grandchild;
  ASSERT_GT(grandchild, 0);
  const auto gone = [&] {
    const std::string state = StateOf(grandchild);
    return state == "gone" || state == "Z" || state == "X";
  };
  EXPECT_TRUE(support::WaitUntil(gone, std::chrono::seconds(10)));
}

TEST_F(RunProcessTest, DoesNotWaitForADaemonThatKeepsTheOutputOpen) {
  const ProcessResult result = Run({"sh", "-c", "sleep 5 & echo started"});
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.output, "started\n");
}

TEST_F(RunProcessTest, CapsOutputWithoutBlockingTheProgram) {
  const ProcessResult result = Run({"sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; exit 3"});
  EXPECT_EQ(result.output.size(), 8192U);
  EXPECT_EQ(result.exit_status, 3);
}

TEST_F(RunProcessTest, GivesNothingOfOursButItsOwnEnvironment) {
  setenv("PROMHEAL_TEST_SECRET", "secret", 1);
  EXPECT_EQ(Run({"env"}).output, "PATH=/usr/bin:/bin\n");
  const int fd = open("/dev/null", O_RDONLY);  // Not close-on-exec, as a careless library opens it.
  EXPECT_EQ(Run({"sh", "-c", "ls /proc/self/fd | grep -c . "}).output, "4\n")
      << "input, output, error, and the directory that ls reads";
  close(fd);
  EXPECT_EQ(Run({"sh", "-c", "cat; echo end of input"}).output, "end of input\n");
}

TEST_F(RunProcessTest, TheProgramCanBeTerminatedThoughWeBlockSignals) {
  sigset_t term;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &term, nullptr);
  const ProcessResult result = Run({"sh", "-c", "kill -TERM $$; sleep 5; echo survived"});
  pthread_sigmask(SIG_UNBLOCK, &term, nullptr);
  EXPECT_EQ(result.signal, SIGTERM);
}

}  // namespace
}  // namespace promheal::healing
