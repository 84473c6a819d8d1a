#include "common/io/signal_waiter.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace promheal {
namespace {

TEST(SignalWaiterTest, GivesSignalsAsValuesAndNothingAfterTheTimeout) {
  SignalWaiter waiter;
  EXPECT_EQ(waiter.WaitFor(Duration(0)), std::nullopt);
  EXPECT_EQ(waiter.WaitFor(Duration(-5)), std::nullopt);
  EXPECT_EQ(waiter.WaitFor(Duration(20)), std::nullopt);
  ::kill(::getpid(), SIGHUP);
  EXPECT_EQ(waiter.WaitFor(Duration(5000)), Signal::kReload);
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(waiter.WaitFor(Duration(5000)), Signal::kTerminate);
  ::kill(::getpid(), SIGINT);
  EXPECT_EQ(waiter.WaitFor(Duration(5000)), Signal::kTerminate);
}

TEST(SignalWaiterTest, WakesForASignalThatComesWhileItWaits) {
  SignalWaiter waiter;
  std::thread sender([] { ::kill(::getpid(), SIGHUP); });
  EXPECT_EQ(waiter.WaitFor(std::chrono::seconds(30)), Signal::kReload);
  sender.join();
}

TEST(SignalWaiterTest, TheLongestTimeoutIsNoOverflow) {
  SignalWaiter waiter;
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(waiter.WaitFor(Duration::max()), Signal::kTerminate);
}

TEST(SignalWaiterTest, APeerThatHangsUpDoesNotEndTheProcess) {
  const SignalWaiter waiter;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  ::close(ends[1]);
}

}  // namespace
}  // namespace promheal
