#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "exporter/backtest/evaluation.h"
#include "exporter/backtest/replay.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// A point of a feature's plot.
struct BandPoint {
  float value = 0.0F;  // NaN = no point; the other members then mean nothing.
  float expected = 0.0F;
  float lower = 0.0F;
  float upper = 0.0F;
  float deviation = 0.0F;
};

// The recorded scores of a target, and points for its plots.
struct TargetRecord {
  TargetScores scores;
  float highest_score = 0.0F;
  std::vector<float> plotted_scores;  // The highest score in each bucket; NaN = none.
  // By feature and bucket: the point with the largest deviation.
  std::vector<std::vector<BandPoint>> features;
};

// Records a replay: a score for every target and step (four bytes each), and with `for_plots` at
// most kBuckets points a curve, however long the stretch.
class Recorder {
 public:
  static constexpr size_t kBuckets = 800;

  Recorder(const ExporterConfig& config, const Stretch& judged, bool for_plots);

  void Add(const ReplayedRow& row);

  const Grid& grid() const { return grid_; }
  // The grid of the buckets; a bucket is one or more steps.
  Grid bucket_grid() const;
  const std::map<Labels, TargetRecord>& targets() const { return targets_; }
  // Scores of all targets, in order of their labels.
  std::vector<TargetScores> scores() const;

 private:
  TargetRecord NewRecord(const Labels& target) const;
  void AddToPlots(const Score& score, size_t step, TargetRecord& record) const;

  Grid grid_;
  size_t steps_ = 0;
  size_t steps_per_bucket_ = 1;
  size_t features_ = 0;  // 0 = no plots.
  std::map<Labels, TargetRecord> targets_;
};

}  // namespace promheal::anomaly
