#include "exporter/core/forest/path_length.h"

#include <cmath>
#include <vector>

namespace promheal::anomaly {
namespace {

constexpr double kEulerGamma = 0.57721566490153286;

// A sum for small n; beyond, the asymptotic series, whose first omitted term is below 1e-17 there.
double HarmonicNumber(std::uint32_t n) {
  constexpr std::uint32_t kSummedUpTo = 256;
  if (n > kSummedUpTo) {
    const double inverse = 1.0 / n;
    const double square = inverse * inverse;
    return std::log(static_cast<double>(n)) + kEulerGamma + inverse / 2 -
           square * (1.0 / 12 - square * (1.0 / 120 - square / 252));
  }
  double sum = 0;
  for (std::uint32_t k = n; k >= 1; --k) sum += 1.0 / k;
  return sum;
}

std::vector<std::uint32_t> MakeFixedPathLengths(PathLengthFormula formula) {
  std::vector<std::uint32_t> lengths(kMaxSubsample + 1);
  for (std::uint32_t n = 0; n <= kMaxSubsample; ++n) {
    lengths[n] = static_cast<std::uint32_t>(
        std::lround(std::ldexp(AveragePathLength(n, formula), kPathLengthBits)));
  }
  return lengths;
}

}  // namespace

double AveragePathLength(std::uint32_t samples, PathLengthFormula formula) {
  if (samples <= 1) return 0;
  if (samples == 2) return 1;
  const double n = samples;
  const double harmonic = formula == PathLengthFormula::kExact ? HarmonicNumber(samples - 1)
                                                               : std::log(n - 1) + kEulerGamma;
  return 2 * harmonic - 2 * (n - 1) / n;
}

const std::uint32_t* FixedPathLengths(PathLengthFormula formula) {
  if (formula == PathLengthFormula::kExact) {
    static const std::vector<std::uint32_t> exact = MakeFixedPathLengths(PathLengthFormula::kExact);
    return exact.data();
  }
  static const std::vector<std::uint32_t> approximate =
      MakeFixedPathLengths(PathLengthFormula::kScikitLearn);
  return approximate.data();
}

}  // namespace promheal::anomaly
