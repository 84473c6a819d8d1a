#pragma once

#include <cstdint>

namespace promheal::anomaly {

// The average path length of an unsuccessful search in a binary search tree of `samples` samples:
// c(n) = 2 H(n-1) - 2 (n-1) / n, and c(1) = 0 (Liu, Ting, Zhou: Isolation Forest, ICDM 2008, eq.
// 1). It is what a leaf that still holds n samples adds to its depth, and c(psi) is what turns a
// mean path length into a score. The harmonic number is exact here, where the paper and
// scikit-learn put ln(n-1) + 0.5772, which is 0.46 off at n = 3.
double AveragePathLength(std::uint32_t samples);

// 2^(-E[h] / c(psi)) (eq. 2): 1/2 for an average row, towards 1 for one that is isolated at once. A
// forest of a single sample knows nothing (c = 0): 1/2.
double ScoreOfPathLength(double mean_path_length, std::uint32_t subsample);

}  // namespace promheal::anomaly
