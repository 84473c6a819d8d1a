#pragma once

#include <optional>

#include "common/base/time.h"

namespace promheal::anomaly {

// A stretch during which a target is anomalous: from its first sample with a score above 1 until
// `kCalmSamples` samples in a row were not above. Nothing is learnt from what scores above 1; what
// is still anomalous `accept_after` after it began is not a disturbance but the new normal.
class Episode {
 public:
  static constexpr int kCalmSamples = 5;

  enum class Change { kNone, kBegan, kEnded, kBecameNormal };

  // To be called once a sample, in order of time.
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
