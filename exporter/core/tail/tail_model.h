#pragma once

#include <array>
#include <vector>

namespace promheal::anomaly {

struct TailOptions {
  double share = 0.1;  // This share of the samples is the tail that is fitted.
  // Successive samples overlap (a rate window spans several): each counts as so many independent
  // ones.
  double sample_weight = 0.25;
  // Excesses over the tail's start are believed to be about `prior_excess` large, as firmly as if
  // `prior_weight` independent ones had been seen.
  double prior_excess = 1.0;
  double prior_weight = 30.0;
};

// How improbable a value is, told from a sample of ordinary ones, also far beyond the largest.
//
// Up to a start t (the 1 - share quantile) the sample itself says it. Above, excesses over t are
// taken as exponential (peaks over threshold, the generalised Pareto with shape 0; Siffer et al.
// 2017, section 3.2) at an unknown rate with a Gamma prior. With weights w and a, prior excess m,
// and k excesses of sum S among n samples, the predictive distribution (Lomax) is
//
//   P(X > t + y) = (k w + 1) / (n w + 1) * (1 + y / (a m + S w))^-(a + k w)
//
// The fewer excesses were seen, the heavier it is: a threshold from few samples is a cautious one.
// It tends to the exponential with their mean as k grows.
struct TailModel {
  // The sample's quantiles at 0, 1/10, ..., 10/10 of 1 - share: the body. The last one is t.
  std::array<double, 11> body{};
  double share = 0.1;             // That body ends at 1 - share.
  double tail_probability = 1.0;  // P(X > t).
  double scale = 1.0;             // a m + S w.
  double exponent = 1.0;          // a + k w.

  double start() const { return body.back(); }
  bool operator==(const TailModel&) const = default;
};

// NaN samples are ignored. Of no samples at all the prior remains, with t = 0.
TailModel FitTail(std::vector<double> samples, const TailOptions& options);

// ln P(X >= x), at most 0. NaN gives 0: what is not known is not improbable.
double LogSurvival(const TailModel& tail, double x);

// -ln P(X > x | X > t): the evidence in nats of what is beyond the tail's start; 0 up to there.
double ExcessNats(const TailModel& tail, double x);

// The x at which LogSurvival is `log_probability`; at least t.
double TailQuantile(const TailModel& tail, double log_probability);

}  // namespace promheal::anomaly
