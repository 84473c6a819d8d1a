#include "exporter/core/feature.h"

#include <algorithm>
#include <cmath>

namespace promheal::anomaly {

double MinimumDeviation(const FeatureSpec& feature, double expected) {
  return std::max(feature.minimum_absolute, feature.minimum_relative * std::abs(expected));
}

double InDirection(Direction direction, double deviation) {
  switch (direction) {
    case Direction::kUp:
      return deviation < 0.0 ? 0.0 : deviation;
    case Direction::kDown:
      return deviation > 0.0 ? 0.0 : deviation;
    case Direction::kBoth:
      break;
  }
  return deviation;
}

}  // namespace promheal::anomaly
