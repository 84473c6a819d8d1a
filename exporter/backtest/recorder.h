#pragma once

#include <map>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "exporter/backtest/evaluation.h"
#include "exporter/backtest/replay.h"
#include "exporter/config/config.h"

namespace promheal::anomaly {

// One point of a feature's plot.
struct BandPoint {
  float value = 0.0F;  // NaN = none; the others are NaN with it.
  float expected = 0.0F;
  float lower = 0.0F;
  float upper = 0.0F;
  float deviation = 0.0F;
};

// What was kept of one target.
struct TargetRecord {
  TargetScores scores;
  float highest_score = 0.0F;
  std::vector<float> plotted_scores;             // By bucket: the highest; NaN = none.
  std::vector<std::vector<BandPoint>> features;  // By feature and bucket: the farthest out.
};

// Keeps what judging needs of every step (four bytes a target and step), and, `for_plots`, what a
// plot can show: at most kBuckets points a curve, however long the stretch is.
class Recorder {
 public:
  static constexpr size_t kBuckets = 800;

  Recorder(const ExporterConfig& config, const Stretch& judged, bool for_plots);

  void Add(const ReplayedRow& row);

  const Grid& grid() const { return grid_; }
  // The grid of the buckets.
  Grid bucket_grid() const;
  const std::map<Labels, TargetRecord>& targets() const { return targets_; }
  // In order of their labels.
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
