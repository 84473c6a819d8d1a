#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "tests/bench/fleet/simulated_target.h"

namespace promheal::anomaly {

// How scores become alerts: `persistence` scores in a row above 1 raise an alert, which ends after
// `calm` scores in a row at or below 1.
struct AlertRule {
  int persistence = 2;
  int calm = 5;
};

// How well a fleet's scores found faults, and how many false alerts they raised.
struct Verdict {
  double target_weeks = 0.0;  // Judged time without faults.
  int false_alerts = 0;       // Alerts that began in this time.
  int near_deploys = 0;       // False alerts within two hours after a deploy.
  struct Kind {
    int faults = 0;
    std::vector<double> delay_seconds;  // Delays of the faults that were found.
  };
  std::map<FaultKind, Kind> kinds;
};

// Judges a target. Scores come in order of time; a missing score counts as 0.
class TargetJudge {
 public:
  TargetJudge(const SimulatedTarget& target, AlertRule rule, Duration step, Time judged_from);

  void Observe(Time now, double score);
  // Adds this target's counts to `verdict`.
  void AddTo(Verdict& verdict) const;

 private:
  struct Watched {
    Fault fault;
    double delay_seconds = -1.0;
  };

  bool NearFault(Time time) const;

  AlertRule rule_;
  Duration step_;
  Time judged_from_;
  std::vector<Watched> watched_;
  std::vector<Fault> unlabelled_;
  std::vector<Time> deploys_;
  int above_ = 0;
  int calm_ = 0;
  bool alerting_ = false;
  int clean_steps_ = 0;
  int false_alerts_ = 0;
  int near_deploys_ = 0;
};

// "0.93 (0.85 to 1.02)": events per unit with a 90 % interval (Poisson, square roots).
std::string RateWithInterval(int events, double units);

}  // namespace promheal::anomaly
