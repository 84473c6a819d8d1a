#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

namespace promheal::anomaly {

struct LabelledData {
  Eigen::MatrixXd rows;
  std::vector<bool> labels;  // True for an anomaly; empty without labels.
};

// Reads a heading line and `x0,x1,...,label` lines, plain or gzipped. Throws std::runtime_error.
LabelledData ReadLabelledData(const std::string& path);

// Independent standard normal features, without labels.
LabelledData NormalData(Eigen::Index rows, Eigen::Index features, std::uint64_t seed);

// The probability that an anomaly scores above a normal row; a tie counts half.
double AreaUnderCurve(const Eigen::VectorXd& scores, const std::vector<bool>& labels);

}  // namespace promheal::anomaly
