#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/time.h"
#include "tests/bench/fleet/simulated_target.h"

namespace promheal::anomaly {

// How samples above 1 become alerts: so many in a row raise one, and it ends, with everything that
// follows within `calm` samples, once so many were not above.
struct AlertRule {
  int persistence = 2;
  int calm = 5;
};

// What a fleet's scores were worth.
struct Verdict {
  double target_weeks = 0.0;  // Judged time without faults.
  int false_alerts = 0;       // Episodes that began in it.
  int near_deploys = 0;       // Of these: within two hours after a deploy.
  struct Kind {
    int faults = 0;
    std::vector<double> delay_seconds;  // Of those that were found.
  };
  std::map<FaultKind, Kind> kinds;
};

// Judges one target. Scores come in order of time; one that lacks counts as 0.
class TargetJudge {
 public:
  TargetJudge(const SimulatedTarget& target, AlertRule rule, Duration step, Time judged_from);

  void Observe(Time now, double score);
  // Adds what was seen.
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
