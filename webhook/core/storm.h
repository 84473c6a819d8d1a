#pragma once

#include <deque>
#include <optional>

#include "common/base/time.h"

namespace promheal::healing {

// When so much goes wrong at once, the cause is not in the targets: a network, a database, or the
// monitoring itself. Restarting one after the other then makes it worse.
struct StormLimit {
  int incidents = 20;                         // More than so many, opened
  Duration window = std::chrono::minutes(5);  // within so long, are a storm
  Duration calm = std::chrono::minutes(10);   // until so long after the last one too many.
};

// Finds storms in the moments at which incidents open.
class StormWatch {
 public:
  // In order of time; what comes out of order counts as of the latest.
  void Opened(Time at, const StormLimit& limit);
  // Until when the last storm lasts; nothing where there was none.
  std::optional<Time> until() const { return until_; }

 private:
  std::deque<Time> opened_;  // As many as could be too many.
  std::optional<Time> until_;
};

}  // namespace promheal::healing
