#include "exporter/core/outlying_history.h"

#include <gtest/gtest.h>

#include "tests/exporter/core/simulated_service.h"

namespace promheal::anomaly {
namespace {

// Half an hour of history, with faults in `faulty` rows from row 400 on.
TrainingWindow History(int faulty, const SimulatedService::Faults& faults) {
  SimulatedService service(1, true);
  TrainingWindow window(SimulatedService::Features().size(), 900);
  for (int i = 0; i < 900; ++i) {
    const bool fault = i >= 400 && i < 400 + faulty;
    window.Add(Time(SimulatedService::kInterval * i),
               service.Next(fault ? faults : decltype(faults){}), RowState::kNormal);
  }
  return window;
}

int Mark(TrainingWindow& window) {
  return MarkOutlyingHistory(SimulatedService::Features(), {}, window);
}

TEST(OutlyingHistoryTest, FindsNothingInOrdinaryHistory) {
  TrainingWindow window = History(0, {});
  EXPECT_EQ(Mark(window), 0);
  EXPECT_EQ(window.normal_size(), 900);
}

TEST(OutlyingHistoryTest, LeavesOutAnIncident) {
  TrainingWindow window = History(30, {.latency = 10.0, .error_ratio = 0.8});
  const int marked = Mark(window);
  EXPECT_GE(marked, 30);
  EXPECT_LE(marked, 32) << "rates still contain the fault for two rows after it";
  for (int i = 400; i < 430; ++i) EXPECT_EQ(window.row(i).state, RowState::kAnomalous) << i;
}

TEST(OutlyingHistoryTest, LeavesOutFivePercentAtMost) {
  TrainingWindow window = History(200, {.error_ratio = 0.8});
  EXPECT_EQ(Mark(window), 45);
}

TEST(OutlyingHistoryTest, IgnoresDeviationsBelowTheMinimum) {
  TrainingWindow window = History(30, {.error_ratio = 0.005});
  EXPECT_EQ(Mark(window), 0) << "an error ratio up to 5 % is below the minimum deviation";
}

TEST(OutlyingHistoryTest, MarksNothingInAnEmptyWindow) {
  TrainingWindow window(SimulatedService::Features().size(), 10);
  EXPECT_EQ(Mark(window), 0);
}

}  // namespace
}  // namespace promheal::anomaly
