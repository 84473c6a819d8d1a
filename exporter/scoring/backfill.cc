#include "exporter/scoring/backfill.h"

namespace promheal::anomaly {
namespace {

// Returns the number of rows that were new to the detector.
int Feed(const Labels& target, const TargetHistory& history, const HistoryPiece& piece,
         const FeatureSet& features, Detector& detector) {
  int rows = 0;
  for (Eigen::Index step = 0; step < piece.steps; ++step) {
    const Time time = piece.TimeOf(step);
    if (!detector.window().Accepts(time)) continue;
    const std::optional<HistoryRow> row = piece.RowOf(features, target, history, step);
    if (!row) continue;
    if (detector.model() != nullptr) {
      detector.Observe(time, row->values, row->states, row->excluded);
    } else {
      detector.AddHistory(time, row->values, row->excluded);
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
    const Result<HistoryPiece> piece = ReadHistory(config, api, at, end);
    if (!piece) return tl::make_unexpected(piece.error());
    for (const auto& [target, history] : piece->targets) {
      Detector* detector = fleet.Watch(target);
      if (detector == nullptr) continue;
      report.rows += Feed(target, history, *piece, fleet.features(), *detector);
    }
  }
  report.targets = static_cast<int>(fleet.detectors().size());
  return report;
}

}  // namespace promheal::anomaly
