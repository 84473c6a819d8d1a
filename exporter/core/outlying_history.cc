#include "exporter/core/outlying_history.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "exporter/core/baseline.h"
#include "exporter/core/feature_model.h"
#include "exporter/core/unit_free.h"

namespace promheal::anomaly {
namespace {

constexpr double kFarOut = 10.0;        // Robust standard deviations.
constexpr double kLargestShare = 0.05;  // Share of the normal rows.

struct OutlyingRow {
  int index;         // Its row in the window.
  double deviation;  // In robust standard deviations.
};

// Each row's deviation of a feature in robust standard deviations; 0 below its minimum deviation.
Eigen::ArrayXd Deviations(const FeatureSpec& spec, const Eigen::VectorXd& values,
                          const WindowRows& rows, const TrainingOptions& options) {
  const double unit = UnitOf(values, spec.minimum_absolute);
  const Eigen::VectorXd unit_free =
      values.unaryExpr([&](double value) { return ToUnitFree(value, unit); });
  const Season season = FitSeason({rows.times, unit_free, rows.regimes, options.baseline_horizon},
                                  options.seasonality);
  const Eigen::VectorXd residuals = UnexplainedResiduals(
      HistoryResiduals(unit_free - season.values(), rows.regimes, options.baseline_horizon),
      season.of_rows);
  const FeatureModel model = FitFeatureModel(spec, unit, unit_free, residuals, 1);
  Eigen::ArrayXd deviations = Eigen::ArrayXd::Zero(values.size());
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    const double expected = FromUnitFree(unit_free(i) - residuals(i), unit);
    const double deviation = InDirection(spec.direction, values(i) - expected);
    if (std::abs(deviation) >= MinimumDeviation(spec, expected)) {
      deviations(i) = std::abs(InDirection(spec.direction, residuals(i))) / model.deviation_scale;
    }
  }
  return deviations;
}

}  // namespace

int MarkOutlyingHistory(const FeatureSet& features, const TrainingOptions& options,
                        TrainingWindow& window) {
  const WindowRows normal = window.Normal();
  Eigen::ArrayXd farthest = Eigen::ArrayXd::Zero(normal.values.rows());
  for (int j = 0; j < features.size(); ++j) {
    farthest = farthest.max(
        Deviations(features.specs[static_cast<size_t>(j)], normal.values.col(j), normal, options));
  }
  std::vector<OutlyingRow> outlying;
  Eigen::Index next_normal = 0;
  for (int i = 0; i < window.size(); ++i) {
    if (window.row(i).state != RowState::kNormal) continue;
    const double deviation = farthest(next_normal++);
    if (deviation > kFarOut) outlying.push_back({i, deviation});
  }
  std::sort(outlying.begin(), outlying.end(),
            [](const OutlyingRow& a, const OutlyingRow& b) { return a.deviation > b.deviation; });
  const auto most = static_cast<size_t>(kLargestShare * static_cast<double>(farthest.size()));
  if (outlying.size() > most) outlying.resize(most);
  for (const OutlyingRow& row : outlying) window.SetState(row.index, RowState::kAnomalous);
  return static_cast<int>(outlying.size());
}

}  // namespace promheal::anomaly
