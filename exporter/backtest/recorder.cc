#include "exporter/backtest/recorder.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "exporter/backtest/score_file.h"

namespace promheal::anomaly {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

BandPoint ToBandPoint(const FeatureScore& feature) {
  return {.value = static_cast<float>(feature.value),
          .expected = static_cast<float>(feature.expected),
          .lower = static_cast<float>(feature.lower),
          .upper = static_cast<float>(feature.upper),
          .deviation = static_cast<float>(feature.deviation)};
}

}  // namespace

Recorder::Recorder(const ExporterConfig& config, const Stretch& judged, bool for_plots)
    : grid_{AlignDown(judged.from, config.interval), config.interval},
      steps_(static_cast<size_t>((judged.to - grid_.from) / grid_.step + 1)),
      steps_per_bucket_((steps_ + kBuckets - 1) / kBuckets),
      features_(for_plots ? config.features.size() : 0) {}

void Recorder::Add(const ReplayedRow& row) {
  const auto step = static_cast<size_t>((row.time - grid_.from) / grid_.step);
  auto it = targets_.find(row.target);
  if (it == targets_.end()) it = targets_.emplace(row.target, NewRecord(row.target)).first;
  TargetRecord& record = it->second;
  if (!row.score || step >= steps_) return;
  const bool large_enough = row.score->largest_deviation > 1.0;
  record.scores.scores[step] = large_enough ? static_cast<float>(row.score->surprise) : 0.0F;
  record.highest_score =
      std::max(record.highest_score, static_cast<float>(row.score->anomaly_score));
  if (features_ > 0) AddToPlots(*row.score, step, record);
}

Grid Recorder::bucket_grid() const {
  return {grid_.from, grid_.step * static_cast<int64_t>(steps_per_bucket_)};
}

std::vector<TargetScores> Recorder::scores() const {
  std::vector<TargetScores> scores;
  for (const auto& [target, record] : targets_) scores.push_back(record.scores);
  return scores;
}

TargetRecord Recorder::NewRecord(const Labels& target) const {
  TargetRecord record;
  record.scores.target = TargetName(target);
  record.scores.scores.assign(steps_, kNone);
  if (features_ > 0) {
    const size_t buckets = (steps_ + steps_per_bucket_ - 1) / steps_per_bucket_;
    record.plotted_scores.assign(buckets, kNone);
    record.features.assign(features_, std::vector(buckets, BandPoint{.value = kNone}));
  }
  return record;
}

void Recorder::AddToPlots(const Score& score, size_t step, TargetRecord& record) const {
  const size_t bucket = step / steps_per_bucket_;
  float& plotted = record.plotted_scores[bucket];
  plotted =
      std::fmax(plotted, static_cast<float>(score.anomaly_score));  // fmax prefers numbers to NaN.
  for (size_t j = 0; j < score.features.size(); ++j) {
    if (std::isnan(score.features[j].value)) continue;
    BandPoint& kept = record.features[j][bucket];
    const BandPoint point = ToBandPoint(score.features[j]);
    const bool farther = std::abs(point.deviation) >= std::abs(kept.deviation);
    if (std::isnan(kept.value) || farther) kept = point;
  }
}

}  // namespace promheal::anomaly
