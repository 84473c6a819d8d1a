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

// History is asked for in pieces of so many steps, since Prometheus bounds the samples of a query
// (50 million) before the points of a series.
inline constexpr int kStepsPerQuery = 500;

// What Prometheus says about one target over a piece. Rows = steps, columns = features; NaN and
// kAbsent where there is no point.
struct TargetHistory {
  Eigen::MatrixXd values;
  std::vector<std::vector<CellState>> states;
};

// One target at one step, as the detector sees it.
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
  std::vector<std::vector<Labels>> excluded;  // By step: who must not learn.

  Time TimeOf(Eigen::Index step) const { return start + interval * step; }
  // What a live cycle would have found of the target then; nothing where no feature had a series.
  std::optional<HistoryRow> RowOf(const FeatureSet& features, const Labels& target,
                                  const TargetHistory& history, Eigen::Index step) const;
};

// Reads the piece that begins at `start`, of kStepsPerQuery steps or up to `end`. Errors: the first
// query's that fails.
Result<HistoryPiece> ReadHistory(const ExporterConfig& config, PrometheusApi& api, Time start,
                                 Time end);

}  // namespace promheal::anomaly
