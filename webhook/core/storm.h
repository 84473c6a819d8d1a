#pragma once

#include <deque>
#include <optional>

#include "common/base/time.h"

namespace promheal::healing {

// If this many incidents open at once, their cause is not in the targets: it is a network, a
// database, or the monitoring itself. Restarting targets would make it worse.
struct StormLimit {
  int incidents = 20;                         // A storm begins when more than this many open
  Duration window = std::chrono::minutes(5);  // within this time,
  Duration calm = std::chrono::minutes(10);   // and ends this long after the last of them.
};

// Finds storms in the times at which incidents open.
class StormWatch {
 public:
  // Call in order of time; an earlier time counts as the latest so far.
  void Opened(Time at, const StormLimit& limit);
  // The end of the last storm; nullopt if there was none.
  std::optional<Time> until() const { return until_; }

 private:
  std::deque<Time> opened_;  // The latest `incidents` + 1 at most.
  std::optional<Time> until_;
};

}  // namespace promheal::healing
