#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "common/base/calendar.h"
#include "common/base/time.h"

namespace promheal::anomaly {

struct SeasonalityOptions {
  std::vector<Duration>
      cycles;  // Candidates, ascending; one that the data do not show is not used.
  Calendar calendar;

  bool operator==(const SeasonalityOptions&) const = default;
};

// How a unit-free value differs from its level at each phase of a cycle.
struct SeasonalProfile {
  Duration cycle{};
  std::vector<double> bins;  // Of equal length, around their middles; a line in between.

  bool operator==(const SeasonalProfile&) const = default;
};

// What a season leads one to expect at a time: `value`, and as much less or more as it shows a bin
// earlier or later, since a nightly job does not begin on the second.
struct SeasonalValue {
  double value = 0.0;
  double below = 0.0;  // At most 0.
  double above = 0.0;  // At least 0.

  // What of a residual is not explained by being a little early or late.
  double Unexplained(double residual) const;
};

// The sum of the profiles; 0 without any. Never NaN.
SeasonalValue SeasonAt(const std::vector<SeasonalProfile>& profiles, const Calendar& calendar,
                       Time time);

// One feature, oldest first: ordinary rows, and anomalous ones, since what recurs at the same phase
// is ordinary. Unit-free, NaN = missing.
struct SeasonalHistory {
  const std::vector<Time>& times;
  const Eigen::Ref<const Eigen::VectorXd>& values;
  const std::vector<int32_t>& regimes;
  int baseline_horizon;  // Of the adaptive baseline, in rows.
};

// What training takes from a season: profiles for the time to come, and for each row of the history
// the season as the *other* cycles show it, so that residuals of the history are as large as those
// to come will be.
struct Season {
  std::vector<SeasonalProfile> profiles;
  std::vector<SeasonalValue> of_rows;  // One a row; 0 where there is no profile.

  Eigen::VectorXd values() const;  // Of of_rows.
};

// Residuals of rows with what being a little early or late explains taken away.
Eigen::VectorXd UnexplainedResiduals(Eigen::VectorXd residuals,
                                     const std::vector<SeasonalValue>& of_rows);

// Cycles from short to long, each on what the shorter ones leave. One is used where
//  - the history holds it twice, and six rows of it at least,
//  - residuals against the adaptive baseline repeat: their autocorrelation at a lag of one cycle is
//    at least 0.25 (of binned residuals, over all pairs of bins a cycle apart), and
//  - with the season of the other cycles taken away their mean square is at most 0.9 of what it
//    was. A season that is none costs noise; that is why both are asked.
Season FitSeason(const SeasonalHistory& history, const SeasonalityOptions& options);

}  // namespace promheal::anomaly
