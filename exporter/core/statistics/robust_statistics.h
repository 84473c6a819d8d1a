#pragma once

#include <Eigen/Core>
#include <vector>

namespace promheal::anomaly {

// Statistics that stay sensible if almost half of the data are outliers. NaN counts as missing.
// Without values, every statistic is NaN.

// The values without NaN, ascending.
std::vector<double> SortedPresent(const Eigen::Ref<const Eigen::VectorXd>& values);

// The `level` quantile of ascending values, linear between order statistics (Hyndman and Fan 1996,
// type 7). 0 <= level <= 1.
double QuantileOfSorted(const std::vector<double>& ascending, double level);

double Median(const Eigen::Ref<const Eigen::VectorXd>& values);

// 1.4826 times the median absolute deviation from the median: estimates the standard deviation of
// normally distributed values (Rousseeuw and Croux 1993).
double RobustStandardDeviation(const Eigen::Ref<const Eigen::VectorXd>& values);

}  // namespace promheal::anomaly
