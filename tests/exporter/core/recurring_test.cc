#include "exporter/core/recurring.h"

#include <gtest/gtest.h>

#include <string>

namespace promheal::anomaly {
namespace {

// Each letter is a row: n = normal, a = anomalous, x = excluded.
TrainingWindow WindowOf(const std::string& states) {
  TrainingWindow window(1, 1000);
  for (size_t i = 0; i < states.size(); ++i) {
    const RowState state = states[i] == 'a'   ? RowState::kAnomalous
                           : states[i] == 'x' ? RowState::kExcluded
                                              : RowState::kNormal;
    window.Add(Time(std::chrono::minutes(i)), Eigen::RowVectorXd::Zero(1), state);
  }
  return window;
}

std::string StatesOf(const TrainingWindow& window) {
  std::string states;
  for (int i = 0; i < window.size(); ++i) {
    states += "nax"[static_cast<size_t>(window.row(i).state)];
  }
  return states;
}

std::string Repeated(int times, const std::string& part) {
  std::string all;
  for (int i = 0; i < times; ++i) all += part;
  return all;
}

TEST(RecurringTest, DeviationsThatRecurMoreThanSevenTimesAsOftenAsExpectedBecomeNormal) {
  struct Row {
    const char* why;
    double expected;
    std::string before;
    std::string after;
  };
  const std::string blip = "nnnaaann";
  const std::string incident = "nn" + std::string(30, 'a') + "nn";
  for (const Row& row : std::vector<Row>{
           {"nothing there", 1.0, "", ""},
           {"nothing anomalous", 0.0, "nnnn", "nnnn"},
           {"as many as may be", 1.0, Repeated(7, blip), Repeated(7, blip)},
           {"one more", 1.0, Repeated(8, blip), std::string(64, 'n')},
           {"few, however rare they should be", 1e-3, Repeated(7, blip), Repeated(7, blip)},
           {"none of them long enough to alert", 1.0, Repeated(30, "naan"), Repeated(30, "naan")},
           {"a larger budget", 2.0, Repeated(14, blip), Repeated(14, blip)},
           {"beyond it", 2.0, Repeated(15, blip), std::string(120, 'n')},
           {"an incident between them stays one", 1.0,
            Repeated(4, blip) + incident + Repeated(4, blip),
            std::string(32, 'n') + incident + std::string(32, 'n')},
           {"what must not be learnt", 1.0, Repeated(4, blip) + "axxa" + Repeated(4, blip),
            std::string(32, 'n') + "nxxn" + std::string(32, 'n')},
       }) {
    TrainingWindow window = WindowOf(row.before);
    const int normal_before = window.normal_size();
    const int admitted = AdmitRecurringAnomalies(row.expected, 3, window);
    EXPECT_EQ(StatesOf(window), row.after) << row.why;
    EXPECT_EQ(window.normal_size(), normal_before + admitted) << row.why;
  }
}

}  // namespace
}  // namespace promheal::anomaly
