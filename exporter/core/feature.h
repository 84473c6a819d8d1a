#pragma once

#include <string>
#include <vector>

namespace promheal::anomaly {

// Which way a feature has to move to be bad: latency only up, availability only down, traffic both.
enum class Direction { kBoth, kUp, kDown };

// A feature as the detector knows it. The configuration adds the query that its values come from.
struct FeatureSpec {
  std::string name;
  Direction direction = Direction::kBoth;

  // A deviation counts only if it reaches both minimums: the first in the feature's own unit, the
  // second as a share of the expected value. 0 = no minimum.
  double minimum_absolute = 0.0;
  double minimum_relative = 0.0;

  // With fewer requests/s than this (FeatureSet::traffic) the value counts as missing: the 95th
  // percentile of two requests says nothing.
  double traffic_floor = 0.0;

  // A target without a series of this feature has the value 0. For counters that exist only after
  // their first event.
  bool absent_is_zero = false;

  bool operator==(const FeatureSpec&) const = default;
};

// The features of every target, in the order of the configuration: column j of every table, window
// and model is specs[j].
struct FeatureSet {
  std::vector<FeatureSpec> specs;
  int traffic = -1;  // The feature that holds requests/s, for traffic floors; -1 = none.

  int size() const { return static_cast<int>(specs.size()); }
  bool operator==(const FeatureSet&) const = default;
};

// The smallest deviation from `expected` that counts, in the feature's own unit.
double MinimumDeviation(const FeatureSpec& feature, double expected);

// `deviation`, or 0 if it goes in the harmless direction.
double InDirection(Direction direction, double deviation);

}  // namespace promheal::anomaly
