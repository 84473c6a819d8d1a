#pragma once

#include <Eigen/Core>
#include <cmath>
#include <limits>
#include <numbers>

#include "exporter/core/forest/random.h"

namespace promheal::anomaly {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kInf = std::numeric_limits<double>::infinity();

inline Eigen::MatrixXd UniformSamples(Eigen::Index rows, Eigen::Index cols,
                                      std::uint64_t seed = 7) {
  Random random(seed, 0);
  return Eigen::MatrixXd::NullaryExpr(rows, cols, [&] { return random.Unit(); });
}

inline Eigen::MatrixXd NormalSamples(Eigen::Index rows, Eigen::Index cols, std::uint64_t seed = 1) {
  Random random(seed, 1);
  return Eigen::MatrixXd::NullaryExpr(rows, cols, [&] {
    return std::sqrt(-2 * std::log(1 - random.Unit())) *
           std::cos(2 * std::numbers::pi * random.Unit());
  });
}

}  // namespace promheal::anomaly
