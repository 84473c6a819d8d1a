#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "common/base/calendar.h"
#include "common/base/time.h"

namespace promheal::anomaly {

struct SeasonalityOptions {
  std::vector<Duration> cycles;  // Candidates, ascending; used only if the data follow them.
  Calendar calendar;

  bool operator==(const SeasonalityOptions&) const = default;
};

// By how much a unit-free value differs from its level at each phase of a cycle.
struct SeasonalProfile {
  Duration cycle{};
  std::vector<double> bins;  // At the middles of equal parts of the cycle; linear in between.

  bool operator==(const SeasonalProfile&) const = default;
};

// The season's value at a time, and how much lower or higher it is a bin earlier or later: a
// nightly job does not begin at the same second each night.
struct SeasonalValue {
  double value = 0.0;
  double below = 0.0;  // At most 0.
  double above = 0.0;  // At least 0.

  // The part of a residual that a shift by a bin does not explain.
  double Unexplained(double residual) const;
};

// The sum of the profiles; 0 without any. Never NaN.
SeasonalValue SeasonAt(const std::vector<SeasonalProfile>& profiles, const Calendar& calendar,
                       Time time);

// A feature's history, oldest first, unit-free, NaN = missing. It includes anomalous rows, because
// a deviation that recurs at the same phase is ordinary.
struct SeasonalHistory {
  const std::vector<Time>& times;
  const Eigen::Ref<const Eigen::VectorXd>& values;
  const std::vector<int32_t>& regimes;
  int baseline_horizon;  // How many rows the adaptive baseline looks back.
};

// The season of a feature: profiles for future rows, and for each row of the history the season
// that the *other* cycles show. So residuals of the history are as large as future ones will be.
struct Season {
  std::vector<SeasonalProfile> profiles;
  std::vector<SeasonalValue> of_rows;  // One a row; 0 without a profile.

  Eigen::VectorXd values() const;  // SeasonalValue::value of each row.
};

// Each residual without the part that a shift of the season by a bin explains.
Eigen::VectorXd UnexplainedResiduals(Eigen::VectorXd residuals,
                                     const std::vector<SeasonalValue>& of_rows);

// Tries cycles from short to long, each on values without the seasons found before. A cycle is used
// if
//  - the history spans it twice, with at least six rows a cycle,
//  - residuals against the adaptive baseline repeat: binned, their autocorrelation at a lag of one
//    cycle is at least 0.25, and
//  - subtracting the season that the other cycles show reduces their mean square to at most 0.9 of
//    its value.
// Both last conditions must hold, because a season that does not exist would only add noise.
Season FitSeason(const SeasonalHistory& history, const SeasonalityOptions& options);

}  // namespace promheal::anomaly
