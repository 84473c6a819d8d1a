#pragma once

#include <Eigen/Core>

namespace promheal::anomaly {

// u = sign(x) log(1 + |x| / unit) makes values comparable across features and targets. 0 stays 0,
// multiplying by ten is always about the same step, and the heavy (Pareto) tails of latencies
// become exponential. Without the unit, the 1 would mean a second for one feature and a byte for
// another.
double ToUnitFree(double value, double unit);
double FromUnitFree(double unit_free, double unit);

// The unit of a feature: a quarter of its median magnitude, so that a fall to a tenth stands out as
// clearly as a rise to ten times; or `at_least` if that is larger (the median of an error ratio is
// often 0). If both are 0: a quarter of the median of the magnitudes above 0, or 1 if all are 0.
// NaN = missing.
double UnitOf(const Eigen::Ref<const Eigen::VectorXd>& values, double at_least);

}  // namespace promheal::anomaly
