#pragma once

#include <optional>

#include "common/base/time.h"
#include "common/io/clock.h"
#include "exporter/backtest/replay.h"

namespace promheal::anomaly {

// Prints to standard error every two seconds how far a replay is; nothing if it is shorter. On a
// terminal it overwrites a single line.
class Progress {
 public:
  // `clock` must outlive it.
  Progress(const Clock& clock, Stretch judged);

  void StepDone(Time time);
  // Ends the line on a terminal.
  void Finish();

 private:
  const Clock& clock_;
  Stretch judged_;
  bool terminal_;
  Duration start_;
  Duration next_;
  bool shown_ = false;
};

}  // namespace promheal::anomaly
