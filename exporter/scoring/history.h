#pragma once

#include <Eigen/Core>
#include <map>
#include <optional>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/base/time.h"
#include "common/io/prometheus/prometheus_api.h"
#include "exporter/config/config.h"
#include "exporter/core/feature_table.h"

namespace promheal::anomaly {

// History is read in pieces of this many steps. Prometheus limits the samples of a query (50
// million); large fleets reach that limit before the limit on points of a series.
inline constexpr int kStepsPerQuery = 500;

// A target's history over a piece. Rows = steps, columns = features; NaN and kAbsent if there is no
// point.
struct TargetHistory {
  Eigen::MatrixXd values;
  std::vector<std::vector<CellState>> states;
};

// A target's row at a step, ready for the detector.
struct HistoryRow {
  Eigen::RowVectorXd values;
  std::vector<CellState> states;
  bool excluded = false;  // training.exclude_when applied.
};

// The features of all targets at `steps` multiples of the interval, from `start` on.
struct HistoryPiece {
  Time start;
  Duration interval{};
  Eigen::Index steps = 0;
  std::map<Labels, TargetHistory> targets;
  std::vector<std::vector<Labels>> excluded;  // By step: series of training.exclude_when.

  Time TimeOf(Eigen::Index step) const { return start + interval * step; }
  // The row that a live cycle would have had; nullopt if no feature had a series.
  std::optional<HistoryRow> RowOf(const FeatureSet& features, const Labels& target,
                                  const TargetHistory& history, Eigen::Index step) const;
};

// Reads the piece from `start` on: kStepsPerQuery steps, or fewer if it reaches `end`. Errors: that
// of the first query that fails.
Result<HistoryPiece> ReadHistory(const ExporterConfig& config, PrometheusApi& api, Time start,
                                 Time end);

}  // namespace promheal::anomaly
