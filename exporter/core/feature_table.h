#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"
#include "common/base/sample.h"
#include "exporter/core/feature.h"

namespace promheal::anomaly {

// Whether a cell holds a value, and if not, why. A missing series, a series with NaN (0/0, a
// percentile without requests) and a series with 0 are three different cases.
enum class CellState : uint8_t {
  kPresent,
  kAbsent,             // There is no series.
  kUndefined,          // The value is NaN or infinite.
  kBelowTrafficFloor,  // The value comes from too few requests to mean anything.
  kAmbiguous,          // The target has several series: the query must aggregate.
  kQueryFailed,        // The query failed, so the value is unknown.
};

std::string_view ToString(CellState state);

// The answer to one feature's query: one sample a target, or a failure.
struct FeatureColumn {
  bool failed = false;
  std::vector<Sample> samples;
};

// All features of all targets at one time. Rows = targets (in order of their labels), columns =
// features in the order of the FeatureSet. A value is NaN if and only if its state is not kPresent.
struct FeatureTable {
  std::vector<Labels> targets;
  Eigen::MatrixXd values;
  std::vector<std::vector<CellState>> states;  // [row][column]

  int unlabelled_samples = 0;  // Samples that lack one of the target labels; they are left out.
  int ambiguous_cells = 0;
};

// A sample's `target_labels` name its target. Every target of any column gets a row. Precondition:
// one column per feature.
FeatureTable BuildFeatureTable(const FeatureSet& features,
                               const std::vector<std::string>& target_labels,
                               const std::vector<FeatureColumn>& columns);

// Prepares a target's values from Prometheus for the detector, in place: values that are not finite
// become undefined, absent_is_zero fills in 0, traffic floors remove values. `values` is NaN if
// there is no value.
void ApplyFeatureRules(const FeatureSet& features, Eigen::Ref<Eigen::RowVectorXd> values,
                       std::vector<CellState>& states);

}  // namespace promheal::anomaly
