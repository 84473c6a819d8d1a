#pragma once

#include <cstddef>
#include <optional>
#include <random>

#include "common/base/time.h"
#include "services/load/load_plan.h"

namespace promheal::shop {

// The times at which requests are sent, independent of earlier answers: users do not wait for each
// other. Arrivals are evenly spaced, or random like those of independent users (a Poisson process:
// the integral of the rate between two arrivals is exponentially distributed with mean 1).
class Arrivals {
 public:
  // Without a seed, arrivals are evenly spaced.
  explicit Arrivals(std::optional<unsigned> seed);

  // The number of requests due between the last call and `elapsed`, the time since the load began.
  size_t Advance(const LoadPlan& plan, Duration elapsed);

 private:
  double NextGap();

  bool random_;
  std::mt19937 generator_;
  Duration reached_{};
  double integral_ = 0.0;  // Integral of the rate since the last arrival.
  double gap_;             // The integral at which the next request is due.
};

}  // namespace promheal::shop
