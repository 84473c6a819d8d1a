#pragma once

#include <Eigen/Core>
#include <vector>

#include "exporter/core/forest/random.h"

namespace promheal::anomaly {

// Rows of samples, one column a feature; any memory order is taken, column-major without a copy.
using Samples = Eigen::Ref<const Eigen::MatrixXd>;

// One row of features; a row of a column-major matrix is taken without a copy.
using Row = Eigen::Ref<const Eigen::RowVectorXd, 0, Eigen::InnerStride<>>;

// Brings a feature near zero in double before it becomes a float, so that a timestamp of 1.7e9 that
// moves by one keeps its movement. `scale` is a power of two: only the subtraction and the
// conversion round. NaN stays NaN; what exceeds a float becomes infinite with its sign.
struct FeatureScale {
  double centre = 0;
  double scale = 1;

  float Apply(double value) const { return static_cast<float>((value - centre) * scale); }

  bool operator==(const FeatureScale&) const = default;
};

// Median and range (to a power of two) of each column, over `count` rows drawn with replacement:
// the cost does not depend on the number of rows. Values that are not finite are left out.
std::vector<FeatureScale> EstimateScales(const Samples& samples, std::uint32_t count,
                                         Random& random);

}  // namespace promheal::anomaly
