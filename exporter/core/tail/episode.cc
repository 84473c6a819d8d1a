#include "exporter/core/tail/episode.h"

namespace promheal::anomaly {

Episode::Change Episode::Observe(Time now, double anomaly_score, Duration accept_after) {
  const bool anomalous = anomaly_score > 1.0;
  if (!since_) {
    if (!anomalous) return Change::kNone;
    since_ = last_since_ = now;
    calm_ = 0;
    return Change::kBegan;
  }
  calm_ = anomalous ? 0 : calm_ + 1;
  if (calm_ >= kCalmSamples) {
    since_.reset();
    return Change::kEnded;
  }
  if (!anomalous || now - *since_ < accept_after) return Change::kNone;
  since_.reset();
  return Change::kBecameNormal;
}

}  // namespace promheal::anomaly
