#pragma once

#include <vector>

#include "exporter/core/statistics/gpd_fit.h"

namespace promheal::anomaly {

// SPOT, the method of the literature, built on the detector's fit (gpd_fit.h). Tests use it to
// check that fit against known tails, and to measure how uncertain a threshold from a single
// target's samples is. The detector itself declusters, pools and shrinks (episode_tail.h).
//
// Peaks over threshold (Siffer et al., KDD 2017): the N_t of n samples above t follow a generalised
// Pareto distribution, so values that no sample reached have a probability, too.
struct SpotTail {
  std::vector<double> ascending;  // The samples.
  double start = 0.0;             // t.
  std::vector<double> excesses;   // Samples above t, minus t; ascending.
  GeneralisedPareto pareto;
  bool fitted = false;  // False: too few excesses.
};

// Fits the largest tenth of the samples; with fewer than ten excesses there is no fit, only the
// sample's own quantiles. Ignores NaN.
SpotTail FitSpot(std::vector<double> samples);

// The same excesses with a given shape and the scale fitted to it. The shape may come from a fleet
// (tail_pool.h).
SpotTail WithShape(SpotTail tail, double shape);

// The threshold that a new sample of the same kind exceeds with probability q (equation 1):
//   z_q = t + scale / shape ((q n / N_t)^-shape - 1)
// For z_q up to t, and without a fit, it is the sample's own quantile.
double SpotQuantile(const SpotTail& tail, double q);

struct ThresholdInterval {
  double lower;
  double upper;
};

// A confidence interval of the threshold: all z whose profile likelihood (the highest over all
// shapes with z_q = z) is at least exp(-chi_squared / 2) times the best. chi_squared is a quantile
// with one degree of freedom: 3.84 for 95 %, 2.71 for 90 %. The delta method would not do, because
// the interval is lopsided: much longer upwards. It ignores the uncertainty of N_t. Without a fit,
// or for z_q below t, the interval is from the quantile to infinity. Takes milliseconds for some
// hundred excesses.
ThresholdInterval SpotInterval(const SpotTail& tail, double q, double chi_squared);

}  // namespace promheal::anomaly
