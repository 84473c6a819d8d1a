#include "common/io/reload_requests.h"

#include <gtest/gtest.h>

#include <thread>

#include "common/io/signal_waiter.h"

namespace promheal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ReloadRequestsTest, ARequestIsASignalAndItsAnswerTheOutcome) {
  SignalWaiter signals;
  ReloadRequests requests;
  for (const bool good : {true, false}) {
    Status outcome;
    std::thread asking([&] { outcome = requests.RequestAndWait(seconds(20)); });
    EXPECT_EQ(signals.WaitFor(seconds(20)), Signal::kReload);
    requests.Begin();
    requests.End(good ? Status() : Fail(ErrorCode::kInvalidArgument, "bad file"));
    asking.join();
    EXPECT_EQ(outcome.has_value(), good);
    if (!good) {
      EXPECT_EQ(outcome.error().message, "bad file");
    }
  }
}

TEST(ReloadRequestsTest, AReloadThatBeganBeforeIsNotTheAnswer) {
  SignalWaiter signals;
  ReloadRequests requests;
  requests.Begin();
  Status outcome;
  std::thread asking([&] { outcome = requests.RequestAndWait(seconds(20)); });
  EXPECT_EQ(signals.WaitFor(seconds(20)), Signal::kReload);
  requests.End({});
  requests.Begin();
  requests.End(Fail(ErrorCode::kInvalidArgument, "the newer file is bad"));
  asking.join();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().message, "the newer file is bad");
}

TEST(ReloadRequestsTest, DoesNotWaitForever) {
  SignalWaiter signals;
  ReloadRequests requests;
  const Status outcome = requests.RequestAndWait(milliseconds(1));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(signals.WaitFor(seconds(20)), Signal::kReload);
}

TEST(ReloadRequestsTest, TerminationIsASignal) {
  SignalWaiter signals;
  ReloadRequests::RequestTermination();
  EXPECT_EQ(signals.WaitFor(seconds(20)), Signal::kTerminate);
}

}  // namespace
}  // namespace promheal
