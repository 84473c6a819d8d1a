#include "services/shop/fault_injector.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/null_logger.h"
#include "tests/support/wait.h"

namespace promheal::shop {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using support::WaitUntil;

class FaultInjectorTest : public testing::Test {
 protected:
  const SystemClock clock_;
  const std::unique_ptr<Logger> logger_ = support::MakeNullLogger();
  WorkerPool workers_{8, 0};
  FaultInjector faults_{workers_, clock_, *logger_};

  int HitsOf(FaultMode mode, int requests) {
    int hits = 0;
    for (int i = 0; i < requests; ++i) hits += faults_.Hits(mode) ? 1 : 0;
    return hits;
  }
};

TEST_F(FaultInjectorTest, HitsExactlyItsShareOfTheRequests) {
  EXPECT_EQ(HitsOf(FaultMode::kErrors, 100), 0);
  faults_.Start({.mode = FaultMode::kErrors, .duration = minutes(1), .rate = 0.3});
  EXPECT_EQ(HitsOf(FaultMode::kErrors, 1000), 300);
  EXPECT_EQ(HitsOf(FaultMode::kLogErrors, 100), 0);
  faults_.Start({.mode = FaultMode::kLogErrors, .duration = minutes(1), .rate = 1});
  EXPECT_EQ(HitsOf(FaultMode::kErrors, 100), 0);
  EXPECT_EQ(HitsOf(FaultMode::kLogErrors, 100), 100);
  faults_.Start({.mode = FaultMode::kNone});
  EXPECT_EQ(HitsOf(FaultMode::kLogErrors, 100), 0);
}

TEST_F(FaultInjectorTest, LatencyIsCapacityLost) {
  EXPECT_EQ(faults_.ServiceTime(milliseconds(20)), milliseconds(20));
  faults_.Start({.mode = FaultMode::kLatency,
                 .duration = minutes(1),
                 .rate = 0.75,
                 .service_time = milliseconds(250)});
  EXPECT_EQ(faults_.ServiceTime(milliseconds(20)), milliseconds(250));
  EXPECT_TRUE(WaitUntil([&] { return workers_.usage().busy == 6; }, seconds(10)));
  faults_.Start({.mode = FaultMode::kNone});
  EXPECT_EQ(faults_.ServiceTime(milliseconds(20)), milliseconds(20));
  EXPECT_EQ(workers_.usage().busy, 0U);
}

TEST_F(FaultInjectorTest, AFaultEndsByItself) {
  faults_.Start({.mode = FaultMode::kErrors, .duration = milliseconds(30), .rate = 1});
  EXPECT_TRUE(WaitUntil([&] { return !faults_.Hits(FaultMode::kErrors); }, seconds(10)));
}

TEST_F(FaultInjectorTest, AHangHoldsEveryRequestUntilItIsOver) {
  faults_.WaitWhileHung();  // Returns at once.
  faults_.Start({.mode = FaultMode::kHang, .duration = milliseconds(100)});
  const Duration start = clock_.Monotonic();
  faults_.WaitWhileHung();
  EXPECT_GE(clock_.Monotonic() - start, milliseconds(50));
}

TEST_F(FaultInjectorTest, ReleaseEndsAHangForGood) {
  faults_.Start({.mode = FaultMode::kHang, .duration = minutes(10)});
  std::atomic<bool> passed = false;
  std::thread held([&] {
    faults_.WaitWhileHung();
    passed = true;
  });
  faults_.Release();
  held.join();
  EXPECT_TRUE(passed);
  faults_.Start({.mode = FaultMode::kHang, .duration = minutes(10)});
  faults_.WaitWhileHung();
}

using FaultInjectorDeathTest = FaultInjectorTest;

TEST_F(FaultInjectorDeathTest, ACrashEndsTheProcess) {
  EXPECT_EXIT(faults_.Start({.mode = FaultMode::kCrash}), testing::ExitedWithCode(70), "");
}

}  // namespace
}  // namespace promheal::shop
