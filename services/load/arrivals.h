#pragma once

#include <cstddef>
#include <optional>
#include <random>

#include "common/base/time.h"
#include "services/load/load_plan.h"

namespace promheal::shop {

// When requests are sent, whether or not earlier ones were answered: users do not wait for each
// other. Evenly spaced, or at random as independent users come (a Poisson process: the integral of
// the rate between two arrivals is exponentially distributed with mean 1).
class Arrivals {
 public:
  // Without a seed: evenly spaced.
  explicit Arrivals(std::optional<unsigned> seed);

  // How many requests are due from where the last call ended up to `elapsed` since the load began.
  size_t Advance(const LoadPlan& plan, Duration elapsed);

 private:
  double NextGap();

  bool random_;
  std::mt19937 generator_;
  Duration reached_{};
  double integral_ = 0.0;  // Of the rate, since the last arrival.
  double gap_;             // Integral at which the next one is due.
};

}  // namespace promheal::shop
