#include "exporter/backtest/target_plots.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace promheal::anomaly {
namespace {

std::vector<Stretch> AlertStretches(const TargetFindings& target, Duration step) {
  std::vector<Stretch> stretches;
  for (const Alert& alert : target.alerts) stretches.push_back({alert.start, alert.end + step});
  return stretches;
}

Plot FeaturePlot(const std::string& name, const Plot& frame, const std::vector<BandPoint>& points) {
  Plot plot = frame;
  plot.title = name;
  for (const BandPoint& point : points) {
    const bool there = !std::isnan(point.value);
    plot.values.push_back(point.value);
    plot.expected.push_back(there ? point.expected : point.value);
    plot.lower.push_back(there ? point.lower : point.value);
    plot.upper.push_back(there ? point.upper : point.value);
  }
  return plot;
}

}  // namespace

std::vector<Plot> TargetPlots(const ExporterConfig& config, const Findings& findings,
                              const Recorder& recorder, const TargetFindings& target) {
  Plot frame{.grid = recorder.bucket_grid()};
  for (const Incident& incident : findings.judged_incidents) {
    if (incident.target && *incident.target != target.record->scores.target) continue;
    frame.incidents.push_back({incident.start, incident.end});
  }
  Plot score = frame;
  score.title = "anomaly score";
  score.values = target.record->plotted_scores;
  score.threshold = 1.0;
  score.alerts = AlertStretches(target, recorder.grid().step);
  std::vector<Plot> plots = {std::move(score)};
  for (size_t j = 0; j < target.record->features.size(); ++j) {
    const auto& points = target.record->features[j];
    const bool shown = std::any_of(points.begin(), points.end(),
                                   [](const BandPoint& point) { return !std::isnan(point.value); });
    if (shown) plots.push_back(FeaturePlot(config.features[j].spec.name, frame, points));
  }
  return plots;
}

}  // namespace promheal::anomaly
