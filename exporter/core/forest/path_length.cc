#include "exporter/core/forest/path_length.h"

#include <cmath>

namespace promheal::anomaly {
namespace {

// H(n) = 1 + 1/2 + ... + 1/n: summed while that is short, and from the asymptotic series beyond,
// whose first term left out is below 1e-17 there.
double HarmonicNumber(std::uint32_t n) {
  constexpr std::uint32_t kSummedUpTo = 256;
  if (n > kSummedUpTo) {
    const double inverse = 1.0 / n;
    const double square = inverse * inverse;
    return std::log(static_cast<double>(n)) + 0.57721566490153286 + inverse / 2 -
           square * (1.0 / 12 - square * (1.0 / 120 - square / 252));
  }
  double sum = 0;
  for (std::uint32_t k = n; k >= 1; --k) sum += 1.0 / k;
  return sum;
}

}  // namespace

double AveragePathLength(std::uint32_t samples) {
  if (samples <= 1) return 0;
  const double n = samples;
  return 2 * HarmonicNumber(samples - 1) - 2 * (n - 1) / n;
}

double ScoreOfPathLength(double mean_path_length, std::uint32_t subsample) {
  const double normaliser = AveragePathLength(subsample);
  return normaliser > 0 ? std::exp2(-mean_path_length / normaliser) : 0.5;
}

}  // namespace promheal::anomaly
