#pragma once

#include <vector>

#include "common/base/labels.h"
#include "common/base/time.h"

namespace promheal {

// One value of one series. The value may be NaN or infinite: Prometheus sends both.
struct Sample {
  Labels labels;
  Time time;
  double value = 0.0;
};

struct Point {
  Time time;
  double value = 0.0;

  bool operator==(const Point&) const = default;
};

// One series over a range, points ascending in time. A step without a sample has no point.
struct Series {
  Labels labels;
  std::vector<Point> points;
};

}  // namespace promheal
