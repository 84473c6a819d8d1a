#include "exporter/core/feature_table.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <map>

namespace promheal::anomaly {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

using RowOfTarget = std::map<Labels, Eigen::Index>;

RowOfTarget FindTargets(const std::vector<std::string>& target_labels,
                        const std::vector<FeatureColumn>& columns) {
  RowOfTarget rows;
  for (const FeatureColumn& column : columns) {
    for (const Sample& sample : column.samples) {
      if (sample.labels.HasAll(target_labels)) rows[sample.labels.Only(target_labels)] = 0;
    }
  }
  Eigen::Index next = 0;
  for (auto& [target, row] : rows) row = next++;
  return rows;
}

void FillColumn(const FeatureColumn& column, Eigen::Index j, const RowOfTarget& rows,
                const std::vector<std::string>& target_labels, FeatureTable& table) {
  if (column.failed) {
    for (auto& states : table.states) states[static_cast<size_t>(j)] = CellState::kQueryFailed;
    return;
  }
  for (const Sample& sample : column.samples) {
    if (!sample.labels.HasAll(target_labels)) {
      ++table.unlabelled_samples;
      continue;
    }
    const Eigen::Index i = rows.at(sample.labels.Only(target_labels));
    CellState& state = table.states[static_cast<size_t>(i)][static_cast<size_t>(j)];
    if (state == CellState::kAbsent) {
      table.values(i, j) = sample.value;
      state = CellState::kPresent;
    } else if (state == CellState::kPresent) {
      table.values(i, j) = kMissing;
      state = CellState::kAmbiguous;
      ++table.ambiguous_cells;
    }
  }
}

}  // namespace

std::string_view ToString(CellState state) {
  switch (state) {
    case CellState::kPresent:
      return "present";
    case CellState::kAbsent:
      return "no series";
    case CellState::kUndefined:
      return "not a number";
    case CellState::kBelowTrafficFloor:
      return "too little traffic";
    case CellState::kAmbiguous:
      return "several series";
    case CellState::kQueryFailed:
      return "query failed";
  }
  return "unknown";
}

FeatureTable BuildFeatureTable(const FeatureSet& features,
                               const std::vector<std::string>& target_labels,
                               const std::vector<FeatureColumn>& columns) {
  assert(static_cast<int>(columns.size()) == features.size());
  const RowOfTarget rows = FindTargets(target_labels, columns);

  FeatureTable table;
  for (const auto& [target, row] : rows) table.targets.push_back(target);
  const auto row_count = static_cast<Eigen::Index>(rows.size());
  const auto column_count = static_cast<Eigen::Index>(columns.size());
  table.values.setConstant(row_count, column_count, kMissing);
  table.states.assign(rows.size(), std::vector(columns.size(), CellState::kAbsent));

  for (Eigen::Index j = 0; j < column_count; ++j) {
    FillColumn(columns[static_cast<size_t>(j)], j, rows, target_labels, table);
  }
  for (Eigen::Index i = 0; i < row_count; ++i) {
    Eigen::RowVectorXd values = table.values.row(i);
    ApplyFeatureRules(features, values, table.states[static_cast<size_t>(i)]);
    table.values.row(i) = values;
  }
  return table;
}

void ApplyFeatureRules(const FeatureSet& features, Eigen::Ref<Eigen::RowVectorXd> values,
                       std::vector<CellState>& states) {
  const auto drop = [&](int j, CellState why) {
    values(j) = kMissing;
    states[static_cast<size_t>(j)] = why;
  };
  for (int j = 0; j < features.size(); ++j) {
    const FeatureSpec& feature = features.specs[static_cast<size_t>(j)];
    CellState& state = states[static_cast<size_t>(j)];
    if (state == CellState::kAbsent && feature.absent_is_zero) {
      values(j) = 0.0;
      state = CellState::kPresent;
    }
    if (state == CellState::kPresent && !std::isfinite(values(j))) drop(j, CellState::kUndefined);
  }
  if (features.traffic < 0 || !std::isfinite(values(features.traffic))) return;
  const double traffic = values(features.traffic);
  for (int j = 0; j < features.size(); ++j) {
    const FeatureSpec& feature = features.specs[static_cast<size_t>(j)];
    if (j != features.traffic && states[static_cast<size_t>(j)] == CellState::kPresent &&
        traffic < feature.traffic_floor) {
      drop(j, CellState::kBelowTrafficFloor);
    }
  }
}

}  // namespace promheal::anomaly
