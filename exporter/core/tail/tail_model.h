#pragma once

#include <array>
#include <vector>

namespace promheal::anomaly {

struct TailOptions {
  double share = 0.1;  // The share of the samples that counts as the tail.
  // A rate window spans several samples, so successive samples overlap: each counts as this many
  // independent samples.
  double sample_weight = 0.25;
  // The prior mean excess over the tail's start; it counts as much as `prior_weight` independent
  // excesses.
  double prior_excess = 1.0;
  double prior_weight = 30.0;
};

// How improbable a value is, estimated from ordinary values; also far beyond the largest of them.
//
// Up to a start t (the 1 - share quantile) the sample's own quantiles tell. Above t, excesses over
// t are exponential (peaks over threshold, the generalised Pareto with shape 0; Siffer et al. 2017,
// section 3.2) at an unknown rate with a Gamma prior. With sample weight w, prior weight a, prior
// excess m, and k excesses of sum S among n samples, the predictive distribution (Lomax) is
//
//   P(X > t + y) = (k w + 1) / (n w + 1) * (1 + y / (a m + S w))^-(a + k w)
//
// The fewer excesses, the heavier this tail: thresholds from few samples are cautious. As k grows,
// it tends to the exponential distribution with the mean excess.
struct TailModel {
  // The body: the sample's quantiles at 0, 1/10, ..., 10/10 of 1 - share. The last is t.
  std::array<double, 11> body{};
  double share = 0.1;             // `body` ends at the 1 - share quantile.
  double tail_probability = 1.0;  // P(X > t).
  double scale = 1.0;             // a m + S w.
  double exponent = 1.0;          // a + k w.

  double start() const { return body.back(); }
  bool operator==(const TailModel&) const = default;
};

// Ignores NaN. Without samples, gives the prior with t = 0.
TailModel FitTail(std::vector<double> samples, const TailOptions& options);

// ln P(X >= x), at most 0. NaN gives 0: an unknown value is not improbable.
double LogSurvival(const TailModel& tail, double x);

// -ln P(X > x | X > t): the evidence, in nats, beyond the tail's start t; 0 for x up to t.
double ExcessNats(const TailModel& tail, double x);

// The x at which LogSurvival is `log_probability`; at least t.
double TailQuantile(const TailModel& tail, double log_probability);

}  // namespace promheal::anomaly
