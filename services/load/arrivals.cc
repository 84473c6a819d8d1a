#include "services/load/arrivals.h"

#include <chrono>

namespace promheal::shop {

Arrivals::Arrivals(std::optional<unsigned> seed)
    : random_(seed.has_value()), generator_(seed.value_or(0)), gap_(NextGap()) {}

size_t Arrivals::Advance(const LoadPlan& plan, Duration elapsed) {
  constexpr Duration kStep(1);
  constexpr double kStepSeconds = std::chrono::duration<double>(kStep).count();
  constexpr double kRounding = 1e-9;
  size_t due = 0;
  for (; reached_ < elapsed; reached_ += kStep) {
    const double start = std::chrono::duration<double>(reached_).count();
    integral_ += plan.RateAt(start + kStepSeconds / 2) * kStepSeconds;
    while (integral_ >= gap_ - kRounding) {
      ++due;
      integral_ -= gap_;
      gap_ = NextGap();
    }
  }
  return due;
}

double Arrivals::NextGap() {
  return random_ ? std::exponential_distribution<double>(1)(generator_) : 1.0;
}

}  // namespace promheal::shop
