#include "exporter/backfill.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "exporter/core/feature_table.h"
#include "exporter/feature_queries.h"

namespace promheal::anomaly {
namespace {

// One piece of history: the steps from `start` on, of all targets.
struct Piece {
  Time start;
  Eigen::Index steps;
};

// A target's piece. Rows = steps, columns = features; NaN and kAbsent where there is no point.
struct TargetPiece {
  Eigen::MatrixXd values;
  std::vector<std::vector<CellState>> states;
};

using PieceOfTarget = std::map<Labels, TargetPiece>;

class PieceReader {
 public:
  PieceReader(const ExporterConfig& config, PrometheusApi& api, Piece piece)
      : config_(config), api_(api), piece_(piece) {}

  Result<PieceOfTarget> ReadFeatures() {
    PieceOfTarget targets;
    for (size_t j = 0; j < config_.features.size(); ++j) {
      const auto answer = Ask(config_.features[j].expr);
      if (!answer) return tl::make_unexpected(answer.error());
      for (const Series& series : answer->series) {
        if (series.labels.HasAll(config_.target_labels)) Fill(series, j, targets);
      }
    }
    return targets;
  }

  // Which labels were excluded at each step.
  Result<std::vector<std::vector<Labels>>> ReadExclusions() {
    std::vector<std::vector<Labels>> excluded(static_cast<size_t>(piece_.steps));
    for (const std::string& expr : config_.training.exclude_when) {
      const auto answer = Ask(expr);
      if (!answer) return tl::make_unexpected(answer.error());
      for (const Series& series : answer->series) {
        for (const Point& point : series.points) {
          excluded[static_cast<size_t>(StepOf(point.time))].push_back(series.labels);
        }
      }
    }
    return excluded;
  }

 private:
  Result<RangeQueryResult> Ask(const std::string& expr) {
    const Time end = piece_.start + config_.interval * (piece_.steps - 1);
    return api_.QueryRange(expr, piece_.start, end, config_.interval);
  }

  Eigen::Index StepOf(Time time) const {
    return std::clamp<Eigen::Index>((time - piece_.start) / config_.interval, 0, piece_.steps - 1);
  }

  void Fill(const Series& series, size_t j, PieceOfTarget& targets) {
    TargetPiece& target = targets[series.labels.Only(config_.target_labels)];
    if (target.states.empty()) {
      const size_t width = config_.features.size();
      target.values.setConstant(piece_.steps, static_cast<Eigen::Index>(width),
                                std::numeric_limits<double>::quiet_NaN());
      target.states.assign(static_cast<size_t>(piece_.steps),
                           std::vector(width, CellState::kAbsent));
    }
    for (const Point& point : series.points) {
      const Eigen::Index step = StepOf(point.time);
      CellState& state = target.states[static_cast<size_t>(step)][j];
      const bool first = state == CellState::kAbsent;
      state = first ? CellState::kPresent : CellState::kAmbiguous;
      target.values(step, static_cast<Eigen::Index>(j)) =
          first ? point.value : std::numeric_limits<double>::quiet_NaN();
    }
  }

  const ExporterConfig& config_;
  PrometheusApi& api_;
  Piece piece_;
};

bool HasSeries(const std::vector<CellState>& states) {
  return std::any_of(states.begin(), states.end(),
                     [](CellState state) { return state != CellState::kAbsent; });
}

// Returns how many rows were new to the detector.
int Feed(const Labels& target, TargetPiece& history, Piece piece, Duration interval,
         const std::vector<std::vector<Labels>>& excluded, const FeatureSet& features,
         Detector& detector) {
  int rows = 0;
  for (Eigen::Index step = 0; step < piece.steps; ++step) {
    const Time time = piece.start + interval * step;
    std::vector<CellState>& states = history.states[static_cast<size_t>(step)];
    if (!detector.window().Takes(time) || !HasSeries(states)) continue;
    Eigen::RowVectorXd values = history.values.row(step);
    ApplyFeatureRules(features, values, states);
    const bool exclude = IsExcluded(target, excluded[static_cast<size_t>(step)]);
    if (detector.model() != nullptr) {
      detector.Observe(time, values, states, exclude);
    } else {
      detector.AddHistory(time, values, exclude);
    }
    ++rows;
  }
  return rows;
}

}  // namespace

Result<BackfillReport> Backfill(const ExporterConfig& config, PrometheusApi& api, Time start,
                                Time end, Fleet& fleet) {
  BackfillReport report;
  for (Time at = start; at <= end; at += config.interval * kStepsPerQuery) {
    const Piece piece{at, std::min<Eigen::Index>(kStepsPerQuery, (end - at) / config.interval + 1)};
    PieceReader reader(config, api, piece);
    Result<PieceOfTarget> targets = reader.ReadFeatures();
    if (!targets) return Prefixed("reading history", targets.error());
    const auto excluded = reader.ReadExclusions();
    if (!excluded) return Prefixed("reading history", excluded.error());
    for (auto& [target, history] : *targets) {
      Detector* detector = fleet.Watch(target);
      if (detector == nullptr) continue;
      report.rows +=
          Feed(target, history, piece, config.interval, *excluded, fleet.features(), *detector);
    }
  }
  report.targets = static_cast<int>(fleet.detectors().size());
  return report;
}

}  // namespace promheal::anomaly
