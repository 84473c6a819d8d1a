#pragma once

#include <Eigen/Core>

namespace promheal::anomaly {

// Values become comparable over features and targets by taking them relative to a unit of their own
// and then the logarithm: u = sign(x) log(1 + |x| / unit). 0 stays 0, ten times as much is always
// about the same step up, and the heavy (Pareto) tails of latencies become exponential ones.
// Without dividing, the 1 would stand for one second here and for one byte there.
double ToUnitFree(double value, double unit);
double FromUnitFree(double unit_free, double unit);

// The unit of a feature: a quarter of its typical (median) magnitude, so that a fall to a tenth
// stands out as clearly as a rise to ten times; or `at_least` where that is larger (a share of
// errors is typically 0). Where both are 0: a quarter of the median of the magnitudes that are not
// 0, or 1 where there are none. NaN = missing.
double UnitOf(const Eigen::Ref<const Eigen::VectorXd>& values, double at_least);

}  // namespace promheal::anomaly
