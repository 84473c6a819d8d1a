#include "exporter/scoring/history.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "exporter/scoring/feature_queries.h"

namespace promheal::anomaly {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

Eigen::Index StepOf(const HistoryPiece& piece, Time time) {
  return std::clamp<Eigen::Index>((time - piece.start) / piece.interval, 0, piece.steps - 1);
}

// Adds a series of a feature. A second series of the target makes the cell ambiguous.
void Fill(const Series& series, size_t feature, const ExporterConfig& config, HistoryPiece& piece) {
  TargetHistory& target = piece.targets[series.labels.Only(config.target_labels)];
  if (target.states.empty()) {
    const size_t width = config.features.size();
    target.values.setConstant(piece.steps, static_cast<Eigen::Index>(width), kMissing);
    target.states.assign(static_cast<size_t>(piece.steps), std::vector(width, CellState::kAbsent));
  }
  for (const Point& point : series.points) {
    const Eigen::Index step = StepOf(piece, point.time);
    CellState& state = target.states[static_cast<size_t>(step)][feature];
    const bool first = state == CellState::kAbsent;
    state = first ? CellState::kPresent : CellState::kAmbiguous;
    target.values(step, static_cast<Eigen::Index>(feature)) = first ? point.value : kMissing;
  }
}

Result<RangeQueryResult> Ask(const std::string& expr, const HistoryPiece& piece,
                             PrometheusApi& api) {
  return api.QueryRange(expr, piece.start, piece.TimeOf(piece.steps - 1), piece.interval);
}

Status ReadFeatures(const ExporterConfig& config, PrometheusApi& api, HistoryPiece& piece) {
  for (size_t j = 0; j < config.features.size(); ++j) {
    const auto answer = Ask(config.features[j].expr, piece, api);
    if (!answer) return tl::make_unexpected(answer.error());
    for (const Series& series : answer->series) {
      if (series.labels.HasAll(config.target_labels)) Fill(series, j, config, piece);
    }
  }
  return {};
}

Status ReadExclusions(const ExporterConfig& config, PrometheusApi& api, HistoryPiece& piece) {
  piece.excluded.resize(static_cast<size_t>(piece.steps));
  for (const std::string& expr : config.training.exclude_when) {
    const auto answer = Ask(expr, piece, api);
    if (!answer) return tl::make_unexpected(answer.error());
    for (const Series& series : answer->series) {
      for (const Point& point : series.points) {
        piece.excluded[static_cast<size_t>(StepOf(piece, point.time))].push_back(series.labels);
      }
    }
  }
  return {};
}

}  // namespace

std::optional<HistoryRow> HistoryPiece::RowOf(const FeatureSet& features, const Labels& target,
                                              const TargetHistory& history,
                                              Eigen::Index step) const {
  const auto index = static_cast<size_t>(step);
  HistoryRow row{.values = history.values.row(step), .states = history.states[index]};
  const bool known = std::any_of(row.states.begin(), row.states.end(),
                                 [](CellState state) { return state != CellState::kAbsent; });
  if (!known) return std::nullopt;
  ApplyFeatureRules(features, row.values, row.states);
  row.excluded = IsExcluded(target, excluded[index]);
  return row;
}

Result<HistoryPiece> ReadHistory(const ExporterConfig& config, PrometheusApi& api, Time start,
                                 Time end) {
  HistoryPiece piece{
      .start = start,
      .interval = config.interval,
      .steps = std::min<Eigen::Index>(kStepsPerQuery, (end - start) / config.interval + 1)};
  if (const Status read = ReadFeatures(config, api, piece); !read) {
    return Prefixed("reading history", read.error());
  }
  if (const Status read = ReadExclusions(config, api, piece); !read) {
    return Prefixed("reading history", read.error());
  }
  return piece;
}

}  // namespace promheal::anomaly
