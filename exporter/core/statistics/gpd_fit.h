#pragma once

#include <span>

namespace promheal::anomaly {

// The generalised Pareto distribution of excesses y >= 0 over a high threshold (Pickands 1975):
//
//   P(Y > y) = (1 + shape y / scale)^(-1 / shape),   exp(-y / scale) where shape = 0
//
// shape > 0: a power tail (Pareto); 0: exponential; < 0: an end at -scale / shape (uniform: -1).
struct GeneralisedPareto {
  double shape = 0.0;
  double scale = 1.0;  // Above 0.

  bool operator==(const GeneralisedPareto&) const = default;
};

// ln P(Y > y); minus infinity beyond the end, 0 below 0.
double LogSurvival(const GeneralisedPareto& pareto, double y);

// The y with ln P(Y > y) = log_probability <= 0.
double Quantile(const GeneralisedPareto& pareto, double log_probability);

// Sum over the excesses of the log density; minus infinity where one lies beyond the end.
double LogLikelihood(const GeneralisedPareto& pareto, std::span<const double> excesses);

// The maximum likelihood fit by Grimshaw's reduction to one dimension (Technometrics 35, 1993;
// Siffer et al., KDD 2017, section 3.2): with x = shape / scale its stationary points solve
//
//   u(x) v(x) = 1,  u(x) = mean 1 / (1 + x y),  v(x) = 1 + mean ln(1 + x y),  shape = v(x) - 1
//
// All roots are compared by likelihood with the exponential (x = 0) and with the end point of the
// regular range, shape -1, below which the likelihood has no maximum; there the scale is the
// largest excess, times (k + 1) / k since the largest of k falls short of the end by so much.
// Excesses are above 0; none gives the default. O(100 k).
GeneralisedPareto FitGeneralisedPareto(std::span<const double> excesses);

// The maximum likelihood scale where the shape is known.
GeneralisedPareto FitScale(std::span<const double> excesses, double shape);

}  // namespace promheal::anomaly
