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

// Why a cell holds a value or holds none. No series, a series that says NaN (0/0, a percentile of
// nothing) and a series that says 0 are three different things.
enum class CellState : uint8_t {
  kPresent,
  kAbsent,             // There is no series.
  kUndefined,          // The value is NaN or infinite.
  kBelowTrafficFloor,  // There is a value, of too few requests to mean anything.
  kAmbiguous,          // Several series fall on this target: the query must aggregate.
  kQueryFailed,        // Not known.
};

std::string_view ToString(CellState state);

// The answer to one feature's query: one sample a target, or a failure.
struct FeatureColumn {
  bool failed = false;
  std::vector<Sample> samples;
};

// All features of all targets at one time. Rows = targets (in order of their labels), columns =
// features in the order of the FeatureSet. A value is NaN exactly where its state is not kPresent.
struct FeatureTable {
  std::vector<Labels> targets;
  Eigen::MatrixXd values;
  std::vector<std::vector<CellState>> states;  // [row][column]

  int unlabelled_samples = 0;  // Samples that lack one of the target labels; they are left out.
  int ambiguous_cells = 0;
};

// A target is the set of `target_labels` of a sample; every target that any column knows is a row.
// Precondition: one column per feature.
FeatureTable BuildFeatureTable(const FeatureSet& features,
                               const std::vector<std::string>& target_labels,
                               const std::vector<FeatureColumn>& columns);

// The rules that turn what Prometheus said about one target into what the detector sees: values
// that are not finite become undefined, absent_is_zero is filled in, traffic floors are applied. In
// place; `values` is NaN where there is no value.
void ApplyFeatureRules(const FeatureSet& features, Eigen::Ref<Eigen::RowVectorXd> values,
                       std::vector<CellState>& states);

}  // namespace promheal::anomaly
