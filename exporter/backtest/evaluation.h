#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"

namespace promheal::anomaly {

// A time, (start, end], when something was wrong with a target, or without a target, with the whole
// fleet.
struct Incident {
  Time start;
  Time end;
  std::optional<std::string> target;  // As TargetName writes it.
};

// A target's scores on the grid of a replay.
struct TargetScores {
  std::string target;
  // A value for each step: the surprise if some deviation exceeds its minimum, else 0; NaN
  // without a score.
  std::vector<float> scores;
};

struct Grid {
  Time from;
  Duration step{};

  Time TimeOf(size_t index) const { return from + step * static_cast<int64_t>(index); }
};

// An alert as a rule would raise it. An alarm is a step at which the last `persist` scores were
// above the threshold; alarms at most kApartSteps apart are a single alert.
inline constexpr int kApartSteps = 5;
struct Alert {
  Time start;  // Time of the first alarm.
  Time end;    // Time of the last alarm.
};

std::vector<Alert> FindAlerts(const TargetScores& scores, const Grid& grid, double threshold,
                              int persist);

// How well alerts match incidents.
//  - An incident is found if an alert of its target has an alarm in (start, end + step].
//  - An alert is right if it overlaps an incident of its target, or comes up to four steps after
//  it.
//    If it overlaps only incidents of other targets, the fault may have spread: the alert is
//    neither right nor false. All other alerts are false.
struct Evaluation {
  int incidents = 0;
  int found = 0;
  std::vector<double> delays_seconds;  // From an incident's start to its first alarm; ascending.
  int right_alerts = 0;
  int spread_alerts = 0;
  int false_alerts = 0;
  double target_weeks = 0.0;  // Scored time, summed over targets.

  int alerts() const { return right_alerts + spread_alerts + false_alerts; }
  std::optional<double> recall() const;        // nullopt without incidents.
  std::optional<double> precision() const;     // nullopt without right or false alerts.
  std::optional<double> median_delay() const;  // Seconds.
  double false_alerts_a_week() const;
};

Evaluation Evaluate(const TargetScores& scores, const Grid& grid,
                    const std::vector<Incident>& incidents, double threshold, int persist);

// Evaluates all targets together. An incident of the whole fleet counts once, and is found if any
// target's alert finds it.
Evaluation EvaluateFleet(const std::vector<TargetScores>& targets, const Grid& grid,
                         const std::vector<Incident>& incidents, double threshold, int persist);

}  // namespace promheal::anomaly
