#pragma once

#include <Eigen/Core>
#include <vector>

#include "exporter/core/forest/random.h"

namespace promheal::anomaly {

// Rows = samples, columns = features. Column-major matrices are used without a copy.
using Samples = Eigen::Ref<const Eigen::MatrixXd>;

// A row, one value a feature. A row of a column-major matrix is used without a copy.
using Row = Eigen::Ref<const Eigen::RowVectorXd, 0, Eigen::InnerStride<>>;

// Converts a feature's values to floats near zero. The subtraction is in double, so a timestamp of
// 1.7e9 that moves by 1 keeps its movement. `scale` is a power of two, so only the subtraction and
// the conversion round. NaN stays NaN; a value too large for a float becomes infinite with its
// sign.
struct FeatureScale {
  double centre = 0;
  double scale = 1;

  float Apply(double value) const { return static_cast<float>((value - centre) * scale); }

  bool operator==(const FeatureScale&) const = default;
};

// Scales from the median and the range (to a power of two) of each column over `count` rows, drawn
// with replacement, so that the cost does not depend on the number of rows. Leaves out values that
// are not finite.
std::vector<FeatureScale> EstimateScales(const Samples& samples, std::uint32_t count,
                                         Random& random);

}  // namespace promheal::anomaly
