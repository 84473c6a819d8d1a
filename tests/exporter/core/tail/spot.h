#pragma once

#include <vector>

#include "exporter/core/statistics/gpd_fit.h"

namespace promheal::anomaly {

// What the literature does with the detector's fit of a tail (gpd_fit.h), to hold that fit against
// tails with a known answer, and to say how uncertain a threshold from one target's samples alone
// is. The detector itself declusters, pools and shrinks (episode_tail.h).
//
// Peaks over threshold (Siffer et al., KDD 2017): of n samples the N_t above t are taken as
// generalised Pareto, so that also what none of the samples reached has a probability.
struct SpotTail {
  std::vector<double> ascending;  // The samples.
  double start = 0.0;             // t.
  std::vector<double> excesses;   // Those above t, minus t; ascending.
  GeneralisedPareto pareto;
  bool fitted = false;  // False: too few excesses.
};

// The largest tenth is the tail that is fitted; with fewer than ten excesses there is no fit, only
// the sample's own quantiles. NaN samples are ignored.
SpotTail FitSpot(std::vector<double> samples);

// The same excesses with another shape and the scale that fits it: a shape known from elsewhere,
// for instance pooled over a fleet (tail_pool.h).
SpotTail WithShape(SpotTail tail, double shape);

// The threshold that a new sample of the same kind exceeds with probability q (equation 1):
//   z_q = t + scale / shape ((q n / N_t)^-shape - 1)
// At or below t, and without a fit, the sample's own quantile, at most its maximum.
double SpotQuantile(const SpotTail& tail, double q);

struct ThresholdInterval {
  double lower;
  double upper;
};

// How uncertain the threshold is: all z whose profile likelihood (over the shape, with z_q = z for
// the rest) is within a factor exp(-chi_squared / 2) of the best. chi_squared is a quantile with
// one degree of freedom: 3.84 for 95 %, 2.71 for 90 %. Profile likelihood rather than the delta
// method, since the uncertainty is lopsided: much farther up than down. How many of the samples
// exceed t is taken as known. Without a fit, or with z_q below t, nothing is known: from the
// quantile to infinity. Milliseconds for some hundred excesses.
ThresholdInterval SpotInterval(const SpotTail& tail, double q, double chi_squared);

}  // namespace promheal::anomaly
