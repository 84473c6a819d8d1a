#pragma once

#include <cstdint>

#include "exporter/core/forest/forest_views.h"

namespace promheal::anomaly {

// The expected path length of a row with missing values (NaN), given its other values. A split on a
// missing feature follows both sides, weighted by their training samples. Numbers are in units of
// 2^-kPathLengthBits and summed over the trees.
struct PartialWalk {
  double path_length = 0;
  // The change of the expected path length by splits on missing features. path_length = trees x
  // c(psi)
  // + unexplained + the sum of all contributions.
  double unexplained = 0;
};

// Adds to `contributions`, one number a feature, unless it is null. At worst visits all nodes.
PartialWalk WalkPartialRow(const CompactView& forest, const float* row, double* contributions);

}  // namespace promheal::anomaly
