#include "tests/support/child_process.h"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>

namespace promheal::support {
namespace {

using std::chrono::seconds;

TEST(ChildProcessTest, GivesExitStatusAndOutput) {
  ChildProcess child({.argv = {"sh", "-c", "echo $WORD; echo err >&2; pwd; exit 3"},
                      .environment = {{"WORD", "out"}},
                      .working_directory = "/"});
  EXPECT_EQ(child.Wait(seconds(10)), 3);
  EXPECT_EQ(child.Output(), "out\nerr\n/\n");
  EXPECT_FALSE(child.Running());
}

TEST(ChildProcessTest, AProgramThatDoesNotExistIsStatus127) {
  EXPECT_EQ(ChildProcess({.argv = {"/nowhere/program"}}).Wait(seconds(10)), 127);
}

TEST(ChildProcessTest, StopsAProgramGentlyAndOneThatRefusesByForce) {
  ChildProcess gentle({.argv = {"sleep", "100"}});
  EXPECT_EQ(gentle.Terminate(), 128 + SIGTERM);
  ChildProcess deaf({.argv = {"sh", "-c", "trap '' TERM; echo deaf; while :; do sleep 1; done"}});
  while (deaf.Output().empty()) ASSERT_FALSE(deaf.Wait(Duration(10)));
  EXPECT_EQ(deaf.Terminate(Duration(50)), 128 + SIGKILL);
}

TEST(ChildProcessTest, APausedProgramDoesNothingUntilItResumes) {
  ChildProcess child({.argv = {"sh", "-c", "while :; do echo tick; sleep 0.001; done"}});
  ASSERT_TRUE(child.Pause());
  const std::string output = child.Output();
  EXPECT_FALSE(child.Wait(Duration(50)));
  EXPECT_EQ(child.Output(), output);
  child.Resume();
  while (child.Output() == output) ASSERT_FALSE(child.Wait(Duration(10)));
  ASSERT_TRUE(child.Pause()) << "more than once";
}

TEST(ChildProcessTest, AProgramThatHasEndedCannotBePaused) {
  ChildProcess child({.argv = {"true"}});
  EXPECT_EQ(child.Wait(seconds(10)), 0);
  EXPECT_FALSE(child.Pause());
}

TEST(ChildProcessTest, EndsWithItsObject) {
  auto child = std::make_unique<ChildProcess>(ChildProcessOptions{.argv = {"sleep", "100"}});
  const pid_t pid = child->pid();
  child.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

}  // namespace
}  // namespace promheal::support
