#pragma once

#include <cstdint>

namespace promheal::anomaly {

// The largest psi.
inline constexpr std::uint32_t kMaxSubsample = 65'536;

enum class PathLengthFormula : std::uint8_t {
  kExact = 0,        // H(n) = 1 + 1/2 + ... + 1/n.
  kScikitLearn = 1,  // H(n) = ln n + 0.5772, for scikit-learn's forests: c(3) is off by 0.46.
};

// The average path length of an unsuccessful search in a binary search tree of `samples` samples:
// c(n) = 2 H(n-1) - 2 (n-1) / n, c(2) = 1, c(1) = 0 (Liu, Ting, Zhou: Isolation Forest, ICDM 2008,
// eq. 1). A leaf with n samples adds c(n) to its depth; dividing a mean path length by c(psi) makes
// it a score.
double AveragePathLength(std::uint32_t samples,
                         PathLengthFormula formula = PathLengthFormula::kExact);

// Path lengths are integers in units of 2^-20. A sum of integers is the same in any order, so all
// kernels agree to the bit. Rounding changes a score by less than 2e-8.
inline constexpr int kPathLengthBits = 20;

// c(0) to c(kMaxSubsample) in these units. The table is made at the first call.
const std::uint32_t* FixedPathLengths(PathLengthFormula formula);

}  // namespace promheal::anomaly
