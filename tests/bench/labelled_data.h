#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

namespace promheal::anomaly {

struct LabelledData {
  Eigen::MatrixXd rows;
  std::vector<bool> labels;  // True for an anomaly; empty where nothing is known.
};

// Reads `x0,x1,...,label` lines with one heading line, also gzipped. Throws std::runtime_error.
LabelledData ReadLabelledData(const std::string& path);

// Independent standard normal features, without labels.
LabelledData NormalData(Eigen::Index rows, Eigen::Index features, std::uint64_t seed);

// Probability that an anomaly scores above a normal row, ties counting half.
double AreaUnderCurve(const Eigen::VectorXd& scores, const std::vector<bool>& labels);

}  // namespace promheal::anomaly
