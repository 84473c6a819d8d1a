#pragma once

#include <bit>
#include <cstdint>

#include "exporter/core/forest/path_length.h"

namespace promheal::anomaly {

// 2^exponent for exponents from -1000 to 1, within 1e-15 of the value: the Taylor series of e^x for
// |x| <= ln(2)/2, and a shift. It uses only sums, products and bit operations, so a loop over many
// rows becomes vector code and gives the same bits as for a single row.
inline double PowerOfTwo(double exponent) {
  constexpr double kRound = 0x1.8p52;  // Adding it puts the nearest integer into the low bits.
  const double shifted = exponent + kRound;
  const double x = (exponent - (shifted - kRound)) * 0.69314718055994531;
  double sum = 1.0 / 6227020800;
  for (const double term :
       {1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
        1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5, 1.0, 1.0}) {
    sum = sum * x + term;
  }
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(sum) +
                               (std::bit_cast<std::uint64_t>(shifted) << 52));
}

// Turns a sum of path lengths over all trees, in units of 2^-kPathLengthBits, into a score:
// 2^(-E[h] / c(psi)) (Liu, Ting, Zhou 2008, eq. 2). It is 1/2 for an average row and tends to 1 for
// a row that is isolated at once. A forest of a single sample has c = 0: it gives every row 1/2.
struct ScoreScale {
  double per_unit = 0;  // -log2(score) = at_zero + per_unit x sum.
  double at_zero = 1;

  ScoreScale() = default;
  ScoreScale(std::uint32_t trees, std::uint32_t subsample, PathLengthFormula formula) {
    const double normaliser = AveragePathLength(subsample, formula);
    if (normaliser == 0) return;
    at_zero = 0;
    per_unit = 1.0 / (normaliser * trees * (1 << kPathLengthBits));
  }

  // E[h] / c(psi) = -log2(score).
  double PathLengthRatio(double sum) const { return at_zero + per_unit * sum; }
  double Score(double sum) const { return PowerOfTwo(-PathLengthRatio(sum)); }
};

}  // namespace promheal::anomaly
