#pragma once

#include <cstdint>

namespace promheal::anomaly {

// The largest psi that forests are grown with.
inline constexpr std::uint32_t kMaxSubsample = 65'536;

enum class PathLengthFormula : std::uint8_t {
  kExact = 0,        // H(n) = 1 + 1/2 + ... + 1/n.
  kScikitLearn = 1,  // H(n) = ln n + 0.5772, for forests grown elsewhere: 0.46 off in c(3).
};

// The average path length of an unsuccessful search in a binary search tree of `samples` samples:
// c(n) = 2 H(n-1) - 2 (n-1) / n, c(2) = 1, c(1) = 0 (Liu, Ting, Zhou: Isolation Forest, ICDM 2008,
// eq. 1). It is what a leaf that still holds n samples adds to its depth, and c(psi) is what turns
// a mean path length into a score.
double AveragePathLength(std::uint32_t samples,
                         PathLengthFormula formula = PathLengthFormula::kExact);

// Path lengths are added up as whole multiples of 2^-20: a sum of integers is the same in any
// order, so all kernels agree to the bit, and the rounding moves a score by less than 2e-8.
inline constexpr int kPathLengthBits = 20;

// c(0) to c(kMaxSubsample) in those units; made at the first call and kept.
const std::uint32_t* FixedPathLengths(PathLengthFormula formula);

}  // namespace promheal::anomaly
