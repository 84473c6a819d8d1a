#pragma once

#include <span>

namespace promheal::anomaly {

// The generalised Pareto distribution of excesses y >= 0 over a high threshold (Pickands 1975):
//
//   P(Y > y) = (1 + shape y / scale)^(-1 / shape),   exp(-y / scale) if shape = 0
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

// The sum of the excesses' log densities; minus infinity if an excess lies beyond the end.
double LogLikelihood(const GeneralisedPareto& pareto, std::span<const double> excesses);

// The maximum likelihood fit by Grimshaw's reduction to one dimension (Technometrics 35, 1993;
// Siffer et al., KDD 2017, section 3.2): with x = shape / scale its stationary points solve
//
//   u(x) v(x) = 1,  u(x) = mean 1 / (1 + x y),  v(x) = 1 + mean ln(1 + x y),  shape = v(x) - 1
//
// The root with the highest likelihood is compared with the exponential (x = 0) and with shape -1,
// the end of the regular range: below it the likelihood has no maximum. At shape -1 the scale is
// the largest of k excesses times (k + 1) / k, because on average the largest falls short of the
// end by this factor. Excesses must be above 0; without any, returns the default. O(100 k).
GeneralisedPareto FitGeneralisedPareto(std::span<const double> excesses);

// The maximum likelihood scale for a known shape.
GeneralisedPareto FitScale(std::span<const double> excesses, double shape);

}  // namespace promheal::anomaly
