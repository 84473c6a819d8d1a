#pragma once

#include <optional>

#include "common/base/time.h"

namespace promheal::anomaly {

// The time during which a target is anomalous. It begins with a score above 1 and ends after
// `kCalmSamples` scores in a row at or below 1. If a score is still above 1 `accept_after` later,
// the change counts as the new normal.
class Episode {
 public:
  static constexpr int kCalmSamples = 5;

  enum class Change { kNone, kBegan, kEnded, kBecameNormal };

  // Call once a sample, in order of time.
  Change Observe(Time now, double anomaly_score, Duration accept_after);

  bool active() const { return since_.has_value(); }
  // Precondition: active, or the last change was kBecameNormal or kEnded.
  Time since() const { return last_since_; }

 private:
  std::optional<Time> since_;
  Time last_since_;
  int calm_ = 0;
};

}  // namespace promheal::anomaly
