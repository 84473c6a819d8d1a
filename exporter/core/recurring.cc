#include "exporter/core/recurring.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace promheal::anomaly {
namespace {

constexpr double kTimesExpected = 7.0;
constexpr double kFewest = 7.0;
constexpr int kTimesMedian = 2;

// Consecutive anomalous rows.
struct Run {
  int begin;  // Index in the window.
  int rows;
};

std::vector<Run> AnomalousRuns(const TrainingWindow& window) {
  std::vector<Run> runs;
  bool within = false;
  for (int i = 0; i < window.size(); ++i) {
    const bool anomalous = window.row(i).state == RowState::kAnomalous;
    if (anomalous && !within) runs.push_back({i, 0});
    if (anomalous) ++runs.back().rows;
    within = anomalous;
  }
  return runs;
}

// 0 if there are no runs.
int MedianLength(std::vector<Run> runs) {
  if (runs.empty()) return 0;
  const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
  std::nth_element(runs.begin(), middle, runs.end(),
                   [](const Run& a, const Run& b) { return a.rows < b.rows; });
  return middle->rows;
}

}  // namespace

int AdmitRecurringAnomalies(double expected, int shortest, TrainingWindow& window) {
  const std::vector<Run> runs = AnomalousRuns(window);
  std::vector<Run> alerts;
  std::copy_if(runs.begin(), runs.end(), std::back_inserter(alerts),
               [&](const Run& run) { return run.rows >= shortest; });
  if (static_cast<double>(alerts.size()) <= std::max(kFewest, kTimesExpected * expected)) return 0;
  const int longest = kTimesMedian * MedianLength(alerts);
  int admitted = 0;
  for (const Run& run : runs) {
    if (run.rows > longest) continue;
    for (int i = run.begin; i < run.begin + run.rows; ++i) {
      window.SetState(i, RowState::kNormal);
    }
    admitted += run.rows;
  }
  return admitted;
}

}  // namespace promheal::anomaly
