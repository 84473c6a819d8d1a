#include "exporter/backtest/evaluation.h"

#include <algorithm>
#include <cmath>

namespace promheal::anomaly {
namespace {

constexpr int kRecoverySteps = 4;

bool Concerns(const Incident& incident, const std::string& target) {
  return !incident.target || *incident.target == target;
}

// Whether an alert overlaps the incident or the four steps after it.
bool Overlaps(const Alert& alert, const Incident& incident, Duration step) {
  return alert.end > incident.start && alert.start <= incident.end + step * kRecoverySteps;
}

void CountAlert(const Alert& alert, const std::string& target,
                const std::vector<Incident>& incidents, Duration step, Evaluation& evaluation) {
  bool spread = false;
  for (const Incident& incident : incidents) {
    if (!Overlaps(alert, incident, step)) continue;
    if (Concerns(incident, target)) {
      ++evaluation.right_alerts;
      return;
    }
    spread = true;
  }
  ++(spread ? evaluation.spread_alerts : evaluation.false_alerts);
}

// The time from the incident's start to the first alarm of an alert that finds it; nullopt if none
// does. Short pauses between an alert's alarms do not matter.
std::optional<double> DelaySeconds(const Incident& incident, const std::vector<Alert>& alerts,
                                   Duration step) {
  for (const Alert& alert : alerts) {
    if (alert.end <= incident.start || alert.start > incident.end + step) continue;
    const Duration delay = std::max(alert.start - incident.start, Duration(0));
    return std::chrono::duration<double>(delay).count();
  }
  return std::nullopt;
}

double WeeksScored(const TargetScores& scores, Duration step) {
  const auto scored = std::count_if(scores.scores.begin(), scores.scores.end(),
                                    [](float score) { return !std::isnan(score); });
  return static_cast<double>(scored) * std::chrono::duration<double>(step) / std::chrono::weeks(1);
}

void CountIncident(std::optional<double> delay, Evaluation& evaluation) {
  ++evaluation.incidents;
  if (!delay) return;
  ++evaluation.found;
  evaluation.delays_seconds.push_back(*delay);
}

}  // namespace

std::vector<Alert> FindAlerts(const TargetScores& scores, const Grid& grid, double threshold,
                              int persist) {
  std::vector<Alert> alerts;
  int in_a_row = 0;
  for (size_t i = 0; i < scores.scores.size(); ++i) {
    in_a_row = scores.scores[i] > threshold ? in_a_row + 1 : 0;  // NaN is not above.
    if (in_a_row < persist) continue;
    const Time time = grid.TimeOf(i);
    if (alerts.empty() || time - alerts.back().end > grid.step * kApartSteps) {
      alerts.push_back({time, time});
    }
    alerts.back().end = time;
  }
  return alerts;
}

std::optional<double> Evaluation::recall() const {
  if (incidents == 0) return std::nullopt;
  return static_cast<double>(found) / incidents;
}

std::optional<double> Evaluation::precision() const {
  if (right_alerts + false_alerts == 0) return std::nullopt;
  return static_cast<double>(right_alerts) / (right_alerts + false_alerts);
}

std::optional<double> Evaluation::median_delay() const {
  if (delays_seconds.empty()) return std::nullopt;
  return delays_seconds[delays_seconds.size() / 2];
}

double Evaluation::false_alerts_a_week() const {
  return target_weeks > 0.0 ? false_alerts / target_weeks : 0.0;
}

Evaluation Evaluate(const TargetScores& scores, const Grid& grid,
                    const std::vector<Incident>& incidents, double threshold, int persist) {
  const std::vector<Alert> alerts = FindAlerts(scores, grid, threshold, persist);
  Evaluation evaluation{.target_weeks = WeeksScored(scores, grid.step)};
  for (const Alert& alert : alerts) {
    CountAlert(alert, scores.target, incidents, grid.step, evaluation);
  }
  for (const Incident& incident : incidents) {
    if (!Concerns(incident, scores.target)) continue;
    CountIncident(DelaySeconds(incident, alerts, grid.step), evaluation);
  }
  std::sort(evaluation.delays_seconds.begin(), evaluation.delays_seconds.end());
  return evaluation;
}

Evaluation EvaluateFleet(const std::vector<TargetScores>& targets, const Grid& grid,
                         const std::vector<Incident>& incidents, double threshold, int persist) {
  Evaluation fleet;
  std::vector<std::optional<double>> delays(incidents.size());
  for (const TargetScores& scores : targets) {
    const std::vector<Alert> alerts = FindAlerts(scores, grid, threshold, persist);
    fleet.target_weeks += WeeksScored(scores, grid.step);
    for (const Alert& alert : alerts) {
      CountAlert(alert, scores.target, incidents, grid.step, fleet);
    }
    for (size_t i = 0; i < incidents.size(); ++i) {
      if (!Concerns(incidents[i], scores.target)) continue;
      const auto delay = DelaySeconds(incidents[i], alerts, grid.step);
      if (delay) delays[i] = std::min(*delay, delays[i].value_or(*delay));
    }
  }
  for (const auto& delay : delays) CountIncident(delay, fleet);
  std::sort(fleet.delays_seconds.begin(), fleet.delays_seconds.end());
  return fleet;
}

}  // namespace promheal::anomaly
