#pragma once

#include <cstdint>

#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// What a row with missing values (NaN) is scored as: the expectation given the present ones. Where
// a tree splits on a missing feature both sides are followed, weighted with their training samples.
// All in units of 2^-kPathLengthBits, summed over the trees.
struct PartialWalk {
  double path_length = 0;
  // By how much the splits on missing features alone move the expected path length off c(psi); so
  // path_length = trees x c(psi) + unexplained + the sum of all contributions.
  double unexplained = 0;
};

// `contributions` has a number a feature to add to, or is null. Costs at worst all nodes of the
// trees.
PartialWalk WalkPartialRow(const CompactView& forest, const float* row, double* contributions);

}  // namespace promheal::anomaly
