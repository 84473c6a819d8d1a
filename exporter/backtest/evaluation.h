#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/base/time.h"

namespace promheal::anomaly {

// Something was wrong with a target, in (start, end]; without a target, with the whole fleet.
struct Incident {
  Time start;
  Time end;
  std::optional<std::string> target;  // As TargetName writes it.
};

// One target's scores on the grid of a replay.
struct TargetScores {
  std::string target;
  // One a step from the judged start on: the score where the deviation is large enough to count,
  // else 0; NaN where there was none.
  std::vector<float> scores;
};

struct Grid {
  Time from;
  Duration step{};

  Time TimeOf(size_t index) const { return from + step * static_cast<int64_t>(index); }
};

// An alert as a rule would raise it: scores above the threshold, so many in a row. Alarms less than
// kApartSteps apart are one alert.
inline constexpr int kApartSteps = 5;
struct Alert {
  Time start;  // Of the first alarm: when `persist` scores in a row were above.
  Time end;    // Of the last one.
};

std::vector<Alert> FindAlerts(const TargetScores& scores, const Grid& grid, double threshold,
                              int persist);

// How well alerts and incidents fit.
//  - An incident is found when one of its target's alerts has an alarm in (start, end + step].
//  - An alert is right when it finds an incident, or comes up to four steps after its end. One on
//    another target meanwhile is what spread: neither right nor false. All others are false.
struct Evaluation {
  int incidents = 0;
  int found = 0;
  std::vector<double> delays_seconds;  // From an incident's start to its first alarm; ascending.
  int right_alerts = 0;
  int spread_alerts = 0;
  int false_alerts = 0;
  double target_weeks = 0.0;  // For so long targets were scored.

  int alerts() const { return right_alerts + spread_alerts + false_alerts; }
  std::optional<double> recall() const;        // Nothing without incidents.
  std::optional<double> precision() const;     // nullopt without right or false alerts.
  std::optional<double> median_delay() const;  // Seconds.
  double false_alerts_a_week() const;
};

Evaluation Evaluate(const TargetScores& scores, const Grid& grid,
                    const std::vector<Incident>& incidents, double threshold, int persist);

// All targets together. Incidents of the whole fleet count once, and are found where any target
// finds them.
Evaluation EvaluateFleet(const std::vector<TargetScores>& targets, const Grid& grid,
                         const std::vector<Incident>& incidents, double threshold, int persist);

}  // namespace promheal::anomaly
